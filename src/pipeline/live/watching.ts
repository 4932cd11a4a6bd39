/**
 * What is being watched at the moment, and what becomes of what is seen: the books are kept, whoever listens is told,
 * and alerts reach their owner. Nothing is told that is not kept.
 */
import type { Account, LiveEvent, MonitorStatus } from '../../api/contract.ts';
import type { Clock } from '../../clock.ts';
import type { MergeProposal } from '../../device/device.ts';
import { AppError } from '../../errors.ts';
import type { EventBus } from '../../events.ts';
import type { Log } from '../../log.ts';
import type { Gap } from '../../source/live/source.ts';
import type { Store } from '../../store/store.ts';
import type { Teller } from '../teller.ts';
import { AlertBook } from './alert-book.ts';
import { DeviceBook } from './device-book.ts';
import { MuteBook } from './mute-book.ts';
import type { Batch, DeviceReport, LiveSetup } from './protocol.ts';
import type { LiveThing } from './thing.ts';
import { LiveThread } from './thread.ts';
import { TrafficBook } from './traffic-book.ts';

export type LiveTeller = Pick<Teller, 'alerted' | 'met' | 'resume' | 'forgot' | 'sees'>;

export interface WatchingOptions {
  store: Store;
  bus: EventBus<LiveEvent>;
  teller: LiveTeller;
  clock: Clock;
  log: Log;
  /** Where the thread keeps what it has learned. */
  stateFile: string;
  /** PATH, where the capture tools are looked for. */
  searchPath: string;
  learnSeconds: number;
  /** The disk is full: whoever keeps a reserve may give it up. */
  onFull?: () => void;
  /** As in LiveSetup. */
  packets?: LiveSetup['packets'];
  budget?: number;
  blockLists?: readonly string[];
}

type Sight = Pick<MonitorStatus, 'state' | 'reason' | 'since'>;

/** Under which name the store keeps until when it was seen; null while nothing is watched. */
const SEEN = 'monitor.seen';
const KEEP_EVERY_MS = 10_000;
const RETRY_MS = 2_000;
/** A mute that is over is kept a while: the clock that says so may be wrong. */
const MUTE_SECONDS = 30 * 86_400;
/** Seconds after which no episode goes on any more, and how many may. */
const EPISODE_SECONDS = 86_400;
const MOST_EPISODES = 1_024;
/** Older seconds than this are past when they are told: of no use to a chart that moves. */
const NOW_SECONDS = 10;

const noAccount: Account = {
  ...{ offered: 0, parsed: 0, rejected: {}, dropped: {} },
  ...{ connections: 0, devices: 0, alerts: 0, starts: 0 },
};

export class Watching {
  readonly alerts: AlertBook;
  readonly devices: DeviceBook;
  readonly mutes: MuteBook;
  readonly traffic: TrafficBook;
  readonly #options: WatchingOptions;
  thread: LiveThread | null = null;
  source: string | null = null;
  /** What is watched, once somebody has asked for it. */
  thing: LiveThing | null = null;
  sight: Sight;
  account = noAccount;
  learned = 0;
  merges: MergeProposal[] = [];
  openAlerts = 0;
  /** Devices that were forgotten while no thread was there to forget them. */
  forgotten: LiveSetup['forgotten'] = [];
  #gap: Gap | null = null;
  #keeping: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: WatchingOptions) {
    const { live } = options.store;
    this.#options = options;
    this.alerts = new AlertBook(live.alerts);
    this.devices = new DeviceBook(live.devices);
    this.mutes = new MuteBook(live.records);
    this.traffic = new TrafficBook(live.records);
    this.sight = { state: 'off', reason: null, since: this.now() };
  }

  now(): number {
    return this.#options.clock.now() / 1000;
  }

  /** Takes up what an earlier run has kept. */
  async load(): Promise<void> {
    await Promise.all([this.devices.load(), this.mutes.load(), this.traffic.resume(this.now())]);
    await this.assess();
    const { teller } = this.#options;
    teller.resume(await this.alerts.list({ limit: MOST_EPISODES, status: 'open' }));
    for (const { mac, name } of this.devices.list()) teller.met({ address: mac, name });
    const { records } = this.#options.store.live;
    const seen = JSON.parse((await this.#options.store.settings.read(SEEN)) ?? 'null') as number | null;
    // It watched when it ended, and nobody had told it to stop.
    if (seen !== null)
      await this.#addGap({ from: seen, to: Math.max(seen, this.now()), reason: 'Guardian did not run' });
    for (const gap of await records.gaps(100)) {
      // Guardian itself ended before the gap did.
      if (gap.to === null) await this.#addGap({ ...gap, to: Math.max(gap.from, this.now()) });
    }
  }

  /** Begins; with `lasting`, what cannot be watched now is tried again and again instead of rejecting. */
  async start(thing: LiveThing, { lasting }: { lasting: boolean }): Promise<void> {
    const { log, searchPath, stateFile, packets, learnSeconds, budget, blockLists } = this.#options;
    this.account = noAccount;
    this.#stopped = false;
    this.thing = thing;
    const thread = new LiveThread({
      setup: async () => ({
        ...{ thing, searchPath, stateFile, packets, learnSeconds, budget, blockLists },
        owner: this.devices.words(),
        mutes: this.mutes.list(this.now()),
        alerts: await this.alerts.recent(this.now() - EPISODE_SECONDS, MOST_EPISODES),
        forgotten: this.forgotten,
      }),
      onReady: (source) => {
        this.source = source;
        this.forgotten = [];
      },
      onBatch: (batch) => this.#take(batch),
      onDeath: (reason) => {
        log.error({ reason }, 'The live monitor has stopped; it is started again');
        this.#lose(reason);
      },
      onTrouble: (line) => log.warn(line),
    });
    this.enter('starting', null);
    this.thread = thread;
    this.#keeping = setInterval(() => void this.keep().catch((error) => this.#trouble(error)), KEEP_EVERY_MS);
    if (lasting) thread.startLasting();
    else {
      try {
        await thread.start();
      } catch (error) {
        await this.stop();
        throw error;
      }
    }
  }

  /** Ends; what was seen is kept. With `forGood` the time until the next start is no gap. */
  async stop({ forGood = false } = {}): Promise<void> {
    const { thread } = this;
    this.thread = null;
    await thread?.stop();
    this.#stopped = true;
    clearInterval(this.#keeping);
    await this.keep().catch((error) => this.#trouble(error));
    if (forGood) await this.#options.store.settings.write(SEEN, 'null');
    this.source = null;
    for (const { mac } of this.devices.list()) this.devices.away(mac);
    if (this.sight.state !== 'off') this.enter('off', null);
  }

  /** Writes what is only in memory so far, and until when it was seen. */
  async keep(): Promise<void> {
    const { state } = this.sight;
    const sees = state === 'learning' || state === 'watching' || state === 'degraded';
    if (sees) await this.#options.store.settings.write(SEEN, JSON.stringify(this.now()));
    await this.traffic.flush();
    await this.devices.flush();
    await this.mutes.prune(this.now() - MUTE_SECONDS);
  }

  enter(state: Sight['state'], reason: string | null): void {
    const { sight } = this;
    if (sight.state === state && sight.reason === reason) return;
    this.sight = { state, reason, since: sight.state === state ? sight.since : this.now() };
    this.#options.bus.emit({ type: 'monitor.state', ...this.sight });
    this.#options.teller.sees(this.sight);
  }

  /** Counts open alerts again, and says which devices that has changed. */
  async assess(): Promise<void> {
    const before = this.devices.risks;
    const { byDevice, open } = await this.alerts.risks();
    this.devices.risks = byDevice;
    this.openAlerts = open;
    for (const mac of new Set([...before.keys(), ...byDevice.keys()])) {
      const [old, risk] = [before.get(mac), byDevice.get(mac)];
      if (old?.severity !== risk?.severity || old?.count !== risk?.count) this.tellDevice(mac);
    }
  }

  tellDevice(mac: string): void {
    const device = this.devices.find(mac);
    if (device) this.#options.bus.emit({ type: 'device.changed', device });
  }

  async #take(batch: Batch): Promise<void> {
    const { stats, merges, state, mutes, alerts, flows, gaps, lost } = batch;
    if (stats) {
      const { learned, ...account } = stats;
      this.account = account;
      this.learned = learned;
    }
    if (merges) this.merges = merges;
    if (lost > 0) this.#options.log.warn({ lost }, 'Connections of alerts were not kept: there were too many');
    if (state) this.#see(state);
    for (const report of batch.devices) this.#meet(report);
    this.#show(batch);
    if (mutes) await this.#insist(() => this.mutes.hid(mutes));
    for (const gap of gaps) await this.#insist(() => this.#addGap(gap));
    for (const { alert, mac } of alerts) await this.#insist(() => this.#tell(alert, mac));
    if (flows.length > 0) await this.#insist(() => this.alerts.addFlows(flows));
    if (alerts.length > 0) await this.#insist(() => this.assess());
  }

  #see({ state, reason }: NonNullable<Batch['state']>): void {
    if (this.#gap !== null && (state === 'learning' || state === 'watching')) {
      const gap = { ...this.#gap, to: Math.max(this.#gap.from, this.now()) };
      this.#gap = null;
      void this.#addGap(gap).catch((error) => this.#trouble(error));
    }
    this.enter(state, reason);
  }

  #meet(report: DeviceReport): void {
    const { mac } = report.device;
    const before = this.devices.find(mac);
    this.devices.see(report);
    const device = this.devices.find(mac)!;
    if (before === undefined) this.#options.bus.emit({ type: 'device.found', device });
    else if (gist(before) !== gist(device)) this.#options.bus.emit({ type: 'device.changed', device });
    if (before?.name !== device.name) this.#options.teller.met({ address: mac, name: device.name });
  }

  #show({ traffic }: Batch): void {
    for (const second of traffic) {
      this.traffic.add(second);
      if (second.ts < this.now() - NOW_SECONDS) continue;
      const dropped = Object.values(this.account.dropped).reduce((sum, count) => sum + count, 0);
      this.#options.bus.emit({ type: 'monitor.traffic', ...second, dropped });
    }
  }

  async #tell(raised: Batch['alerts'][number]['alert'], mac: string | null): Promise<void> {
    const { alert, isNew } = await this.alerts.tell(raised, mac);
    this.#options.bus.emit({ type: isNew ? 'alert.raised' : 'alert.updated', alert });
    this.#options.teller.alerted(alert);
  }

  /** The thread is gone: from here on nothing is seen. */
  #lose(reason: string): void {
    if (this.#gap === null) {
      this.#gap = { from: this.now(), to: null, reason };
      void this.#addGap(this.#gap).catch((error) => this.#trouble(error));
    }
    this.enter('blind', reason);
  }

  async #addGap(gap: Gap): Promise<void> {
    await this.#options.store.live.records.addGap(gap);
    this.#options.bus.emit({ type: 'monitor.gap', gap });
  }

  /** A full disk is no end: what is seen waits, and the thread with it, until it can be kept. */
  async #insist(work: () => Promise<void>): Promise<void> {
    const seen = this.sight;
    let fault: string | null = null;
    for (;;) {
      try {
        await work();
        if (this.sight !== seen && this.sight.reason === fault) this.enter(seen.state, seen.reason);
        return;
      } catch (error) {
        if (!(error instanceof AppError) || this.#stopped) throw error;
        if (error.code === 'storage_full') this.#options.onFull?.();
        fault = `what is seen cannot be kept: ${error.message.replace(/\.$/, '')}`;
        this.enter('degraded', fault);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  #trouble(error: unknown): void {
    this.#options.log.error({ err: error }, 'What the live monitor sees cannot be kept');
  }
}

/** What of a device is worth telling when it changes; its counters always do. */
const gist = ({ name, kind, vendor, online, ips, gateway, learning }: ReturnType<DeviceBook['list']>[number]): string =>
  JSON.stringify([name, kind, vendor, online, ips, gateway, learning]);
