/**
 * What is kept goes by age, by number and by size; the newest stays. Age is believed only to a clock that has run evenly
 * for an hour: one that was set may be wrong still, and what was deleted for it cannot be had back.
 */
import { randomBytes } from 'node:crypto';
import { readdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Clock, systemClock } from '../clock.ts';
import type { Settings } from '../config/schema.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { FlowHistory } from '../store/history/flow.ts';
import type { Store } from '../store/store.ts';

export interface RetentionOptions {
  store: Store;
  /** Every connection; null where none are kept. */
  history?: FlowHistory | null;
  limits: Settings['retention'];
  /** The data folder, and that of packets around alerts. */
  directory: string;
  packets: string;
  log: Log;
  clock?: Clock;
}

const EVERY_MS = 600_000;
const EVEN_MS = 3_600_000;
const STEP_MS = 2_000;
const DAY_MS = 86_400_000;
/** Sums of connections by hour and day. */
const SUM_DAYS = 365;
/** Deleting, and an alert, need some room as well: on a full disk that of this file, which holds nothing. */
const RESERVE_BYTES = 1024 * 1024;
const RESERVE = 'reserve';
/** It is only taken where so much more is free. */
const ROOM_BYTES = 8 * RESERVE_BYTES;
const ON_ITS_WAY_MS = 120_000;
/** While it is too much, the oldest tenth goes, so many times at most. */
const ROUNDS = 20;

export class Retention {
  readonly #options: RetentionOptions;
  readonly #clock: Clock;
  readonly #reserve: string;
  #drift: number;
  #evenSince: number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#reserve = path.join(options.directory, RESERVE);
    this.#evenSince = this.#clock.monotonic();
    this.#drift = this.#clock.now() - this.#evenSince;
  }

  start(): void {
    this.#timer = setInterval(() => void this.run(), EVERY_MS);
    this.#timer.unref();
    void this.run();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** On a full disk: makes room for what cannot wait, and deletes what is past its time. */
  relieve(): void {
    void rm(this.#reserve, { force: true }).then(
      () => this.run(),
      (error: unknown) => this.#complain(error),
    );
  }

  /** One round after the other. A failure is logged, and tried again in the next. */
  run(): Promise<void> {
    this.#running = this.#running.then(() => this.#once());
    return this.#running;
  }

  async #once(): Promise<void> {
    try {
      await this.#prune();
      await this.#fill();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'storage_full') return this.#complain(error);
      await rm(this.#reserve, { force: true });
      await this.#prune().then(
        () => this.#fill(),
        (again: unknown) => this.#complain(again),
      );
    }
  }

  #complain(error: unknown): void {
    this.#options.log.warn({ err: error }, 'What is past its time could not be deleted');
  }

  async #fill(): Promise<void> {
    try {
      const { bavail, bsize } = await statfs(this.#options.directory);
      if (bavail * bsize < ROOM_BYTES) return;
      await writeFile(this.#reserve, randomBytes(RESERVE_BYTES), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
      // Half a reserve is none, and what it takes is better left to others.
      await rm(this.#reserve, { force: true });
    }
  }

  /** Milliseconds since 1970 before which something of that age is to go; 0 where the clock is not believed. */
  #before(days: number): number {
    return days === 0 || !this.#isEven() ? 0 : this.#clock.now() - days * DAY_MS;
  }

  #isEven(): boolean {
    const now = this.#clock.monotonic();
    const drift = this.#clock.now() - now;
    if (Math.abs(drift - this.#drift) > STEP_MS) this.#evenSince = now;
    this.#drift = drift;
    return now - this.#evenSince >= EVEN_MS;
  }

  async #prune(): Promise<void> {
    const { store, limits } = this.#options;
    const { alerts, scans, deliveries, alertDays, trafficDays, scanDays, deliveryDays, auditDays, audit } = limits;
    await store.live.alerts.prune({ before: this.#before(alertDays) / 1000, keep: alerts });
    await store.live.records.prune({ before: this.#before(trafficDays) / 1000 });
    await store.live.devices.prune();
    await store.pruneScans({ before: this.#before(scanDays), keep: scans });
    await store.outbox.prune({ before: this.#before(deliveryDays), keep: deliveries });
    await store.accounts.audit.prune({ before: this.#before(auditDays), keep: audit });
    // Those that are over let nobody in, whatever the clock says; deleting them can wait for one that is believed.
    if (this.#isEven()) await store.accounts.sessions.prune(this.#clock.now());
    await this.#pruneHistory();
    await this.#shrink(limits.megabytes * 1024 * 1024);
    await this.#prunePackets();
  }

  async #pruneHistory(): Promise<void> {
    const { history, limits } = this.#options;
    await history?.prune({
      before: this.#before(limits.flowDays) / 1000,
      sumsBefore: this.#before(SUM_DAYS) / 1000,
      bytes: limits.flowMegabytes * 1024 * 1024,
    });
  }

  /** Packets go with their alert. One that is not kept yet is on its way. */
  async #prunePackets(): Promise<void> {
    const { store, packets } = this.#options;
    const names = (await readdir(packets).catch(() => [])).filter((name) => name.endsWith('.pcap'));
    const known = await store.live.alerts.known(names.map((name) => name.slice(0, -'.pcap'.length)));
    for (const name of names) {
      if (known.has(name.slice(0, -'.pcap'.length))) continue;
      const file = path.join(packets, name);
      const { mtimeMs } = await stat(file);
      if (Math.abs(Date.now() - mtimeMs) > ON_ITS_WAY_MS) await rm(file, { force: true });
    }
  }

  /** Deletes scans and traffic by minute: they take the room. */
  async #shrink(most: number): Promise<void> {
    const { store, limits, log } = this.#options;
    let days = limits.trafficDays || 365;
    for (let round = 0; round < ROUNDS && (await store.usedBytes()) > most; round++) {
      if (round === 0)
        log.warn({ megabytes: limits.megabytes }, 'The database is full: the oldest goes before its time');
      await store.pruneScans({ before: 0, keep: Math.floor((await store.countScans()) * 0.9) });
      days *= 0.9;
      await store.live.records.prune({ before: this.#before(days) / 1000 });
    }
  }
}
