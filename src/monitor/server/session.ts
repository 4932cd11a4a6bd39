/**
 * What is being watched at the moment, and what becomes of what is seen: the books are kept, whoever listens is told,
 * and alerts reach their owner. Nothing is told that is not kept.
 */
import { exceeds } from '../../alert/mute.ts';
import type { Account, LiveAlert, LiveEvent } from '../../api/contract.ts';
import type { Clock } from '../../clock.ts';
import type { MergeProposal } from '../../device/device.ts';
import { AppError } from '../../errors.ts';
import type { EventBus } from '../../events.ts';
import type { Log } from '../../log.ts';
import type { Gap } from '../../source/live/source.ts';
import type { Store } from '../../store/store.ts';
import type { Batch, DeviceReport, LiveSetup } from '../protocol.ts';
import type { LiveTarget } from '../target/target.ts';
import { AlertRepository } from './alerts.ts';
import { DeviceRepository } from './devices.ts';
import { MuteRepository } from './mutes.ts';
import type { Visibility } from './status-sentence.ts';
import { TrafficRepository } from './traffic.ts';
import { LiveThread } from './worker-thread.ts';

/** Notifies the owner of what is seen; the composition root hands it in. */
export interface LiveNotifier {
  /** A live alert was raised, says more, or its owner has said something about it. Never waits for a channel. */
  alerted(alert: LiveAlert): void;
  /** It goes beyond what its owner has called expected: whoever was told of it is told anew. */
  alertedAgain(alert: LiveAlert): void;
  /** A device is there, perhaps by another name: `address` is what its alerts call it. */
  met(device: { address: string; name: string }): void;
  /** Open alerts of an earlier run, before the devices are met: nobody is told again. */
  resume(open: readonly LiveAlert[]): void;
  /** What is known of a device is deleted; `address` is what its alerts call it. */
  forgot(address: string): Promise<void>;
  /** The monitor has another state, or another reason for it. */
  sees(sight: Visibility): void;
}

/** Never waits and never fails: what it cannot keep it counts. */
export interface HistorySink {
  put(records: Batch['records'], marks: { uid: string; ts: number; episode: string }[], lost: number): void;
}

export interface MonitorSessionOptions {
  store: Store;
  bus: EventBus<LiveEvent>;
  teller: LiveNotifier;
  clock: Clock;
  log: Log;
  /** Where the thread keeps what it has learned. */
  stateFile: string;
  /** PATH, where the capture tools are looked for. */
  searchPath: string;
  learnSeconds: number;
  /** The disk is full: whoever keeps a reserve may give it up. */
  onFull?: () => void;
  /** Takes every connection; without it none is kept. */
  history?: HistorySink;
  /** As in LiveSetup. */
  packets?: LiveSetup['packets'];
  budget?: number;
  blockLists?: readonly string[];
  model?: string;
}

/** Under which name the store keeps the last sign of life of who watches; null while nothing is watched. */
const SEEN = 'monitor.seen';
const KEEP_EVERY_MS = 10_000;
/** The newest gaps, among which those are looked for that never ended. */
const OPEN_GAPS = 100;
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

export class MonitorSession {
  readonly alerts: AlertRepository;
  readonly devices: DeviceRepository;
  readonly mutes: MuteRepository;
  readonly traffic: TrafficRepository;
  readonly #options: MonitorSessionOptions;
  thread: LiveThread | null = null;
  source: string | null = null;
  /** What is watched, once somebody has asked for it. */
  thing: LiveTarget | null = null;
  sight: Visibility;
  account = noAccount;
  learned = 0;
  /** Devices that were heard talking to others than this machine since it started. */
  heard = 0;
  merges: MergeProposal[] = [];
  openAlerts = 0;
  /** Devices that were forgotten while no thread was there to forget them. */
  forgotten: LiveSetup['forgotten'] = [];
  /** The time that is not seen now: the source says so, or the thread is gone. */
  #gap: Gap | null = null;
  #keeping: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: MonitorSessionOptions) {
    const { live } = options.store;
    this.#options = options;
    this.devices = new DeviceRepository(live.devices);
    this.alerts = new AlertRepository(live.alerts, this.devices.ownersName);
    this.mutes = new MuteRepository(live.records);
    this.traffic = new TrafficRepository(live.records);
    this.sight = { state: 'off', reason: null, since: this.now(), dark: false };
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
    await this.#bridge();
  }

  /** It watched when it ended, and nobody had told it to stop: from its last sign of life until now it did not run. */
  async #bridge(): Promise<void> {
    const { live, settings } = this.#options.store;
    const seen = JSON.parse((await settings.read(SEEN)) ?? 'null') as number | null;
    const open = (await live.records.gaps(OPEN_GAPS)).filter(({ to }) => to === null);
    // A gap that has begun is a sign of life too.
    const signs = [...(seen === null ? [] : [seen]), ...open.map(({ from }) => from)];
    if (signs.length === 0) return;
    const last = Math.max(...signs);
    for (const gap of open) if (gap.from < last) await this.#addGap({ ...gap, to: last });
    await this.#addGap({ from: last, to: Math.max(last, this.now()), reason: 'Guardian did not run' });
  }

  /** Begins; with `lasting`, what cannot be watched now is tried again and again instead of rejecting. */
  async start(thing: LiveTarget, { lasting }: { lasting: boolean }): Promise<void> {
    const { log, searchPath, stateFile, packets, learnSeconds, budget, blockLists, model } = this.#options;
    this.account = noAccount;
    this.heard = 0;
    this.#stopped = false;
    this.thing = thing;
    const thread = new LiveThread({
      setup: async () => ({
        ...{ thing, searchPath, stateFile, packets, learnSeconds, budget, blockLists, model },
        keepsHistory: this.#options.history !== undefined,
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
    await this.#endGap().catch((error) => this.#trouble(error));
    await this.keep().catch((error) => this.#trouble(error));
    if (forGood) await this.#options.store.settings.write(SEEN, 'null');
    this.source = null;
    for (const { mac } of this.devices.list()) this.devices.away(mac);
    if (this.sight.state !== 'off') this.enter('off', null);
  }

  /** Writes what is only in memory so far, and that it watches, whether or not anything is to be seen. */
  async keep(): Promise<void> {
    const { state } = this.sight;
    if (state !== 'off' && state !== 'starting')
      await this.#options.store.settings.write(SEEN, JSON.stringify(this.now()));
    await this.traffic.flush();
    await this.devices.flush();
    await this.mutes.prune(this.now() - MUTE_SECONDS);
  }

  enter(state: Visibility['state'], reason: string | null): void {
    const { sight } = this;
    const gap = state === 'blind' || state === 'degraded' ? this.#gap : null;
    const since = gap?.from ?? (sight.state === state ? sight.since : this.now());
    const dark = gap !== null;
    if (sight.state === state && sight.reason === reason && sight.dark === dark) return;
    this.sight = { state, reason, since, dark };
    this.#options.bus.emit({ type: 'monitor.state', state, reason, since });
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
    const { stats, merges, state, mutes, alerts, flows, lost } = batch;
    if (stats) {
      const { learned, heard, ...account } = stats;
      this.heard = heard;
      this.account = account;
      this.learned = learned;
    }
    if (merges) this.merges = merges;
    if (lost > 0) this.#options.log.warn({ lost }, 'Connections of alerts were not kept: there were too many');
    this.#record(batch);
    const gaps = batch.gaps.flatMap((gap) => this.#follow(gap));
    if (state) this.#see(state);
    for (const report of batch.devices) this.#meet(report);
    this.#show(batch);
    if (mutes) await this.#insist(() => this.mutes.hid(mutes));
    for (const gap of gaps) await this.#insist(() => this.#addGap(gap));
    for (const { alert, mac } of alerts) await this.#insist(() => this.#tell(alert, mac));
    if (flows.length > 0) await this.#insist(() => this.alerts.addFlows(flows));
    if (alerts.length > 0) await this.#insist(() => this.assess());
  }

  #record({ records, flows, lostRecords }: Batch): void {
    const marks = flows.flatMap(({ episode, conn: { uid, ts } }) => (ts === null ? [] : [{ uid, ts, episode }]));
    this.#options.history?.put(records, marks, lostRecords);
  }

  #see({ state, reason }: NonNullable<Batch['state']>): void {
    if (state === 'learning' || state === 'watching') void this.#endGap().catch((error) => this.#trouble(error));
    this.enter(state, reason);
  }

  /** Keeps in mind which gap is open; gives what is to be written. One that nobody has ended ends where the next begins. */
  #follow(gap: Gap): Gap[] {
    const open = this.#gap;
    if (gap.to !== null) {
      if (open?.from === gap.from) this.#gap = null;
      return [gap];
    }
    this.#gap = gap;
    return open === null || open.from >= gap.from ? [gap] : [{ ...open, to: gap.from }, gap];
  }

  async #endGap(): Promise<void> {
    const gap = this.#gap;
    if (gap === null) return;
    this.#gap = null;
    await this.#addGap({ ...gap, to: Math.max(gap.from, this.now()) });
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
    const told = await this.alerts.tell(raised, mac);
    const rule = told.alert.status === 'expected' ? this.mutes.exception(told.alert.id) : undefined;
    // The owner has called less than this expected.
    const isBeyond = rule !== undefined && exceeds(rule, told.alert);
    const alert = isBeyond ? await this.alerts.setStatus(told.alert.id, 'open') : told.alert;
    this.#options.bus.emit({ type: told.isNew ? 'alert.raised' : 'alert.updated', alert });
    if (isBeyond) this.#options.teller.alertedAgain(alert);
    else this.#options.teller.alerted(alert);
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
const gist = ({
  name,
  kind,
  vendor,
  online,
  ips,
  gateway,
  learning,
}: ReturnType<DeviceRepository['list']>[number]): string =>
  JSON.stringify([name, kind, vendor, online, ips, gateway, learning]);
