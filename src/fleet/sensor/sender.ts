/**
 * Sends what waits, lane by lane. A batch is on its way until the hub's database has it; that the broker has it only
 * opens the window, since a broker may lose what it has acknowledged. What the hub does not have after a while is sent
 * again under another attempt.
 */
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { StoredUplink } from '../../store/uplink/index.ts';
import type { Lane } from '../../store/uplink/tables.ts';
import type { Cursor, Uplink, UplinkState } from '../transport/uplink.ts';
import { BATCH_BYTES, encodeBatch } from '../wire/batch.ts';

export interface SenderOptions {
  uplink: Uplink;
  stored: StoredUplink;
  sensor: string;
  epoch: string;
  log: Log;
  clock: Clock;
  /** Bytes that may wait; of more, the oldest go and are counted. */
  mostBytes?: Record<Lane, number>;
  /** What the broker has and the hub's database does not is sent again after so long. */
  resendMs?: number;
}

export interface SenderState {
  connection: UplinkState;
  /** The broker has no room: the hub is behind. */
  isFull: boolean;
  lanes: { lane: Lane; waiting: number; bytes: number; committed: number }[];
}

const lanes: readonly Lane[] = ['alert', 'bulk'];
/** Batches of a lane that are on their way at once. */
const WINDOW = 8;
const IDLE_MS = 1_000;
const BACK_OFF_MS = 5_000;
const TRIM_MS = 60_000;
const RESEND_MS = 120_000;
const MOST_BYTES: Record<Lane, number> = { alert: 64 * 1024 * 1024, bulk: 64 * 1024 * 1024 };

class LaneSender {
  readonly lane: Lane;
  /** Everything up to this number was given to the broker. */
  position = 0;
  committed = 0;
  isFull = false;
  readonly #options: SenderOptions;
  readonly #onTheWay: { to: number }[] = [];
  #progressAt: number;

  constructor(lane: Lane, options: SenderOptions) {
    this.lane = lane;
    this.#options = options;
    this.#progressAt = options.clock.monotonic();
  }

  /** The hub was restored from a backup: what it has lost is told to it, and what follows is sent once more. */
  async rewind(committed: number): Promise<void> {
    const { stored, clock } = this.#options;
    await stored.rewind(this.lane, committed, clock.now() / 1000);
    this.committed = committed;
    await this.sendAgain();
  }

  async advance(committed: number): Promise<void> {
    if (committed <= this.committed) return;
    await this.#options.stored.committed(this.lane, committed);
    this.committed = committed;
    this.position = Math.max(this.position, committed);
    while (this.#onTheWay.length > 0 && this.#onTheWay[0].to <= committed) this.#onTheWay.shift();
    this.#progressAt = this.#options.clock.monotonic();
  }

  /** Sends the next batch; false where there is none, or enough are on their way. */
  async step(): Promise<boolean> {
    const { stored, uplink, sensor, epoch, clock } = this.#options;
    if (this.#onTheWay.length >= WINDOW) return false;
    const batch = await stored.next(this.lane, this.position, BATCH_BYTES);
    if (!batch) return false;
    const id = `${sensor}:${epoch}:${this.lane}:${batch.from}:${batch.attempt}`;
    this.isFull = (await uplink.publish({ lane: this.lane, id, payload: encodeBatch(batch, epoch) })) === 'full';
    if (this.isFull) return false;
    if (this.#onTheWay.length === 0) this.#progressAt = clock.monotonic();
    this.position = batch.to;
    this.#onTheWay.push({ to: batch.to });
    return true;
  }

  /** True when the hub has said nothing of what is on its way for too long. */
  isLate(): boolean {
    const { clock, resendMs = RESEND_MS } = this.#options;
    return this.#onTheWay.length > 0 && clock.monotonic() - this.#progressAt > resendMs;
  }

  async sendAgain(): Promise<void> {
    await this.#options.stored.again(this.lane);
    this.#onTheWay.length = 0;
    this.position = this.committed;
    this.#progressAt = this.#options.clock.monotonic();
  }
}

export class Sender {
  readonly #options: SenderOptions;
  readonly #lanes: LaneSender[];
  #connection: UplinkState = 'away';
  #stopping = false;
  #wake: () => void = () => {};
  #running: Promise<void>;
  #lastTrim: number;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#lanes = lanes.map((lane) => new LaneSender(lane, options));
    this.#lastTrim = options.clock.monotonic();
    const { uplink, stored } = options;
    uplink.onCursor((cursor) => void this.#take(cursor));
    uplink.onState((state) => {
      if (state === this.#connection) return;
      this.#connection = state;
      options.log.info({ state }, 'The way to the hub has changed');
      this.#wake();
    });
    stored.onAdd(() => this.#wake());
    this.#running = this.#run();
  }

  async state(): Promise<SenderState> {
    const rows = await this.#options.stored.lanes();
    return {
      connection: this.#connection,
      isFull: this.#lanes.some(({ isFull }) => isFull),
      lanes: rows.map(({ lane, waiting, bytes, committed }) => ({ lane, waiting, bytes, committed })),
    };
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#options.stored.onAdd(undefined);
    this.#wake();
    await this.#options.uplink.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    let knows = false;
    while (!this.#stopping) {
      let pause = IDLE_MS;
      try {
        // Where the hub stands is asked first: what it has is not sent again after a restart.
        if (!knows) {
          await this.#begin();
          knows = true;
        }
        // The alerts go first in each round: they never wait behind a week of the rest.
        while (!this.#stopping && (await this.#round())) {
          // Another round.
        }
        if (this.#lanes.some((lane) => lane.isLate())) {
          await this.#compare();
          for (const lane of this.#lanes) if (lane.isLate()) await lane.sendAgain();
        }
        if (this.#lanes.some(({ isFull }) => isFull)) pause = BACK_OFF_MS;
      } catch (error) {
        if (this.#stopping) return;
        this.#options.log.debug({ error: String(error) }, 'The hub does not answer');
        pause = BACK_OFF_MS;
      }
      await this.#trim();
      await this.#sleep(pause);
    }
  }

  async #round(): Promise<boolean> {
    for (const lane of this.#lanes) if (await lane.step()) return true;
    return false;
  }

  async #begin(): Promise<void> {
    for (const { lane, committed } of await this.#options.stored.lanes()) {
      const sender = this.#lanes.find((one) => one.lane === lane)!;
      sender.committed = committed;
      sender.position = committed;
    }
    await this.#compare();
  }

  /** What the hub has, beside what it had: less is possible only where its database was put back. */
  async #compare(): Promise<void> {
    const { uplink, epoch } = this.#options;
    const had = new Map(this.#lanes.map(({ lane, committed }) => [lane, committed]));
    for (const cursor of await uplink.ask(epoch)) {
      if (cursor.epoch !== epoch || cursor.committed >= had.get(cursor.lane)!) await this.#take(cursor);
      else await this.#lanes.find(({ lane }) => lane === cursor.lane)!.rewind(cursor.committed);
    }
  }

  async #take({ epoch, lane, committed }: Cursor): Promise<void> {
    if (epoch !== this.#options.epoch) return;
    try {
      await this.#lanes.find((one) => one.lane === lane)?.advance(committed);
      this.#wake();
    } catch (error) {
      this.#options.log.warn({ error: String(error) }, 'What the hub has could not be noted; it stays until it can');
    }
  }

  async #trim(): Promise<void> {
    const { stored, clock, log, mostBytes = MOST_BYTES } = this.#options;
    if (clock.monotonic() - this.#lastTrim < TRIM_MS) return;
    this.#lastTrim = clock.monotonic();
    for (const lane of lanes) {
      try {
        const gone = await stored.trim(lane, mostBytes[lane]);
        if (gone > 0) log.warn({ lane, records: gone }, 'The hub was away for too long: the oldest records made room');
      } catch (error) {
        log.warn({ error: String(error) }, 'What waits for the hub could not be cut');
      }
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
