/**
 * The whole path for a live source: packet → flow → device and detector → alert, for as long as it runs; records enter
 * at the detector. Times in events are seconds since 1970 by the clock of the packets.
 */
import type { Alert } from '../../alert/alert.ts';
import { hasAddress, type IsDevice } from '../../alert/mute.ts';
import { Watch, type WatchState } from '../../alert/watch.ts';
import { type Clock, systemClock } from '../../clock.ts';
import { createInventory, type Inventory } from '../../device/inventory.ts';
import { nameOf } from '../../device/name.ts';
import { withDevices } from '../../device/observe-conn.ts';
import { lookupVendor } from '../../device/vendor.ts';
import { AppError } from '../../errors.ts';
import type { Conn } from '../../flow/conn.ts';
import { ConnectionTable } from '../../flow/table/connection-table.ts';
import { NonFiniteLossError } from '../../nn/fit.ts';
import { decodePacket } from '../../packet/decode.ts';
import type { Packet } from '../../packet/packet.ts';
import type { Gap, SourceState } from '../../source/live/source.ts';
import { type BackgroundTrainer, createBackgroundTrainer } from '../../training/network-trainer.ts';
import type { MonitorCondition, MonitorStats } from '../monitor-event.ts';
import { AlertUpdates } from './alert-updates.ts';
import { ClockSteps } from './clock-steps.ts';
import { DeviceEvents } from './device-events.ts';
import { awayKey, FollowAddresses } from './follow-addresses.ts';
import { HistoryFeed } from './history-feed.ts';
import type { MonitorOptions } from './monitor-options.ts';
import { OwnSearch } from './own-search.ts';
import { RefusedFrames } from './refused-frames.ts';
import { loadState, saveState } from './state-file.ts';
import { TrafficMeter } from './traffic-meter.ts';
import type { TrainedBaseline } from './trained-baseline.ts';

const TICK_MS = 1_000;
/** The capture tool hands frames on after at most a second; only after more than that does our clock speak for theirs. */
const QUIET_MS = 3_000;
/** Frames so far apart may have a clock between them that was set. */
const LEAP_SECONDS = 5;
const STATS_EVERY_MS = 10_000;
/** That a retrain is due is told once a day. */
const DRIFT_EVERY_MS = 86_400_000;
const SAVE_EVERY_MS = 300_000;
/** Who has just begun has the least to lose it all. */
const FIRST_SAVE_MS = 30_000;
const LISTS_EVERY_MS = 30_000;
const FOLLOW_EVERY_MS = 10_000;

export class Monitor {
  readonly inventory: Inventory;
  readonly watch: Watch;
  readonly meter: TrafficMeter;
  /** What this machine's own search of the network sends is nobody's behaviour. */
  readonly ownSearch = new OwnSearch();
  readonly #options: MonitorOptions;
  readonly #clock: Clock;
  readonly #clockWatch: ClockSteps;
  readonly #arrivals: DeviceEvents;
  readonly #table: ConnectionTable;
  readonly #trainer: BackgroundTrainer;
  readonly #growing = new AlertUpdates();
  readonly #baselines: FollowAddresses;
  readonly #history: HistoryFeed;
  readonly #refused = new RefusedFrames();
  #frames = 0;
  #connections = 0;
  #alerts = 0;
  #condition: MonitorCondition = 'starting';
  #reason: string | null = null;
  #learned = 0;
  #quietSince = 0;
  #seenFrames = 0;
  /** Of the last frame, by the clock of whoever captured it. */
  #frameTs = Number.NaN;
  #tickedAt = 0;
  #reportedAt = 0;
  #savedAt = 0;
  #driftToldAt = Number.NEGATIVE_INFINITY;
  #listedAt = 0;
  /** When it was last looked whether a device has another address. */
  #followedAt = Number.NEGATIVE_INFINITY;
  #saving: Promise<void> = Promise.resolve();
  #ticker: NodeJS.Timeout | undefined;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#clock = options.clock ?? options.source.clock ?? systemClock;
    this.#clockWatch = new ClockSteps(this.#clock);
    this.inventory = createInventory({
      lookupVendor,
      isSelf: (mac) => options.ownMacs?.has(mac) ?? false,
      onEvent: ({ type, mac }) => {
        if (type === 'device.online' || type === 'device.offline') {
          this.#arrivals.tell(mac, type.slice(7) as 'online');
        } else if (type === 'device.address') {
          // Not at once: a flood of made-up addresses must cost no more than a look a second.
          this.#followedAt = Number.NEGATIVE_INFINITY;
        }
      },
    });
    this.#history = new HistoryFeed(this.inventory, this.ownSearch, options.onRecord);
    this.#arrivals = new DeviceEvents(this.inventory, options.onEvent);
    this.meter = new TrafficMeter(this.inventory, options.ownMacs);
    const { owner } = options;
    this.#trainer = createBackgroundTrainer({
      onError: (error) => {
        // The network before stays in service; the next lesson may do better.
        if (!(error instanceof NonFiniteLossError)) throw error;
        options.onTrouble(new AppError('diverged', { epoch: error.epoch }, { cause: error }));
      },
    });
    this.watch = new Watch({
      // Who comes later is given as long to become known as the house was.
      warmUp: options.learnSeconds,
      budget: options.budget,
      blockLists: options.blockLists,
      trainer: this.#trainer,
      nameOf: ({ address }) => nameOf(this.inventory, address),
      ignores: (alert) => {
        const mac = owner === undefined ? null : this.macOf(alert);
        return mac !== null && !owner!.isMonitored(mac);
      },
      isDevice: (device, alert) => this.#isDevice(device, alert),
      onScore: (device, nats) => this.meter.score(device, nats),
      onFlow: options.onFlow,
      onAlert: (alert) => {
        this.#alerts++;
        this.#growing.told(alert, this.#clock.monotonic());
        options.onEvent({ type: 'alert', updated: false, ...alert });
      },
      onUpdate: (alert) => this.#growing.grew(alert),
    });
    this.#baselines = new FollowAddresses(this.inventory, this.watch.engine);
    this.#table = new ConnectionTable({
      ignoreChecksums: 'auto',
      onApp: (record) => this.#history.app(record),
      onConn: (conn) => this.#conn(conn),
    });
  }

  /** Takes up what an earlier run knew, or else what was learned in advance. Throws AppError where the state file cannot be used. */
  async restore(): Promise<void> {
    const { stateFile, learnSeconds, loadBaselineModel } = this.#options;
    const state = stateFile === undefined ? null : await loadState(stateFile);
    const past = state === null ? await loadBaselineModel?.() : null;
    const devices = state?.devices ?? [];
    if (state !== null) this.#restore(state.watch, stateFile!);
    else if (past) this.#begin(past);
    this.inventory.restore(devices);
    this.#arrivals.restore(devices.map(({ mac }) => mac));
    this.meter.begin();
    this.#learned = state?.learned ?? Math.min(learnSeconds, 3600 * (past?.hours ?? 0));
    this.watch.engine.learning = this.#learned < learnSeconds;
  }

  /** Begins to watch. */
  async start(): Promise<void> {
    const now = this.#clock.monotonic();
    this.#clockWatch.begin();
    [this.#tickedAt, this.#quietSince, this.#reportedAt, this.#listedAt] = [now, now, now, now];
    this.#savedAt = now - SAVE_EVERY_MS + FIRST_SAVE_MS;
    await this.#options.source.start({
      onPacket: (packet) => this.#frame(packet),
      onConn: withDevices(this.inventory, (conn) => this.#conn(conn)),
      onState: (entered, reason) => this.#enter(entered, reason),
      onGap: (gap) => this.#gap(gap),
    });
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
  }

  /** The link-layer address of the device that an alert is about, where it is in the inventory. */
  macOf({ address, hosts }: Pick<Alert, 'address' | 'hosts'>): string | null {
    return this.inventory.device(address)?.mac ?? this.inventory.ownerOf(hosts?.[0] ?? address);
  }

  /** An IP address is whoever has it; a link-layer address is the device, whatever it is called by now. */
  #isDevice(device: string, alert: Parameters<IsDevice>[1]): boolean {
    if (hasAddress(device, alert)) return true;
    const known = this.inventory.device(device)?.mac;
    return known !== undefined && known === this.macOf(alert);
  }

  /** Seconds that were watched for learning so far. */
  get learned(): number {
    return this.#learned;
  }

  /** Nothing that was learned of the device, or is going on with it, is known any more. */
  forget(mac: string, addresses: readonly string[]): void {
    for (const address of [...addresses, mac, awayKey(mac)]) {
      this.watch.engine.forget(address);
      this.watch.forget(address);
    }
    this.inventory.forget(mac);
    this.#arrivals.forget(mac);
    this.meter.forget(mac);
  }

  /** The owner says that both are one device. False where one of them is not known. */
  merge(from: string, into: string): boolean {
    const merged = this.inventory.merge(from, into);
    if (merged) this.#follow(this.#clock.monotonic());
    return merged;
  }

  /** Takes what is under way to its end, saves what was learned, and gives the account. */
  async stop(): Promise<MonitorStats> {
    clearInterval(this.#ticker);
    await Promise.all([this.#options.source.stop(), this.#trainer.close()]);
    this.#table.flush();
    this.#arrivals.announce();
    this.#update(Number.POSITIVE_INFINITY);
    const stats = this.stats();
    this.#options.onEvent({ type: 'stats', ts: this.#now(), ...stats });
    await this.save();
    return stats;
  }

  stats(): MonitorStats {
    const { source } = this.#options;
    const account = source.account();
    this.#refused.enter(account);
    return {
      ...account,
      ...{ connections: this.#connections, devices: this.inventory.size, alerts: this.#alerts, starts: source.starts },
      gaps: source.gaps.map((gap) => ({ ...gap })),
    };
  }

  get condition(): MonitorCondition {
    return this.#condition;
  }

  /** Process id of the capture tool while it runs. */
  get capturePid(): number | undefined {
    return this.#options.source.pid;
  }

  #restore(watch: WatchState, file: string): void {
    try {
      this.watch.load(watch);
      this.watch.engine.begin();
    } catch (error) {
      throw new AppError('bad_state_file', { file, reason: 'what was learned is damaged' }, { cause: error });
    }
  }

  /** Hours of training count as learned here: what is missing of them is learned live. */
  #begin({ text }: TrainedBaseline): void {
    this.watch.engine.load(JSON.parse(text));
    this.watch.engine.begin();
  }

  #now(): number {
    return this.#clock.now() / 1000;
  }

  #frame(packet: Packet): void {
    this.#frames++;
    if (Math.abs(packet.ts - this.#frameTs) > LEAP_SECONDS) this.#checkClock();
    this.#frameTs = packet.ts;
    this.#options.onFrame?.(packet);
    packet.acceptsOffload = true;
    if (!decodePacket(packet, true)) {
      this.#refused.count(packet.reason);
      return;
    }
    const second = this.meter.packet(packet.ts, packet.origlen);
    if (second !== null) this.#options.onSecond?.(second);
    this.inventory.packet(packet);
    if (!this.ownSearch.covers(packet)) this.watch.packet(packet);
    this.#table.packet(packet);
  }

  #conn(conn: Conn): void {
    this.#connections++;
    this.meter.conn(conn);
    if (!this.ownSearch.coversConn(conn)) this.#history.conn(conn, this.watch.conn(conn));
  }

  async #refreshLists(): Promise<void> {
    for (const trouble of (await this.#options.blockLists?.refresh()) ?? []) this.#options.onTrouble(trouble);
  }

  #tick(): void {
    const now = this.#clock.monotonic();
    this.#checkClock();
    if (this.#condition === 'learning') {
      this.#learned += (now - this.#tickedAt) / 1000;
      if (this.#learned >= this.#options.learnSeconds) {
        this.watch.engine.learning = false;
        this.#enter('watching', null);
      }
    }
    this.#tickedAt = now;
    this.#elapse(now);
    this.#arrivals.announce();
    this.#update(now);
    if (now - this.#followedAt >= FOLLOW_EVERY_MS) this.#follow(now);
    this.#history.tick(now, this.#table);
    if (now - this.#reportedAt >= STATS_EVERY_MS) {
      this.#reportedAt = now;
      this.#options.onEvent({ type: 'stats', ts: this.#now(), ...this.stats() });
    }
    if (now - this.#listedAt >= LISTS_EVERY_MS) {
      this.#listedAt = now;
      void this.#refreshLists();
    }
    if (now - this.#driftToldAt >= DRIFT_EVERY_MS) this.#tellDrift(now);
    if (now - this.#savedAt >= SAVE_EVERY_MS) {
      this.#savedAt = now;
      void this.save();
    }
  }

  /** A retrain is due. */
  #tellDrift(now: number): void {
    const { drift } = this.watch.engine;
    if (drift === null) return;
    this.#driftToldAt = now;
    this.#options.onTrouble(
      new AppError('model_outdated', { hours: drift.hours, expected: drift.expected.toFixed(1) }),
    );
  }

  /**
   * Somebody has set the clock: what is measured begins anew, so that no connection and no silence is longer or
   * shorter than it was, and it is noted.
   */
  #checkClock(): void {
    const step = this.#clockWatch.step();
    if (step === 0) return;
    this.#table.flush();
    this.watch.engine.begin();
    this.inventory.shift(step);
    const ts = this.#now();
    const reason = `clock_step: the clock was set ${Math.round(Math.abs(step))} seconds ${step > 0 ? 'forward' : 'back'}`;
    this.#options.onEvent({ type: 'gap', from: ts, to: ts, reason });
  }

  /**
   * While nobody speaks, time goes on: connections end, devices are noticed to be away. It is the time of the frames,
   * whose clock may be another machine's, and moves on with a clock that cannot be set.
   */
  #elapse(now: number): void {
    if (this.#frames !== this.#seenFrames) {
      this.#seenFrames = this.#frames;
      this.#quietSince = now;
    } else if (now - this.#quietSince >= QUIET_MS) {
      const ts = Number.isNaN(this.#frameTs) ? this.#now() : this.#frameTs + (now - this.#quietSince - QUIET_MS) / 1000;
      this.#table.advance(ts);
      this.inventory.advance(ts);
      this.watch.engine.tick(ts);
      const second = this.meter.end();
      if (second !== null) this.#options.onSecond?.(second);
    }
  }

  /** What was learned goes where the devices have gone; what is left of it goes at the next tick. */
  #follow(now: number): void {
    this.#followedAt = this.#baselines.follow() ? now : Number.NEGATIVE_INFINITY;
  }

  #update(now: number): void {
    for (const alert of this.#growing.due(now)) this.#options.onEvent({ type: 'alert', updated: true, ...alert });
  }

  #enter(state: SourceState, reason: string | null): void {
    const condition = state === 'watching' && this.watch.engine.learning ? 'learning' : state;
    if (condition === this.#condition && reason === this.#reason) return;
    [this.#condition, this.#reason] = [condition, reason];
    this.#options.onEvent({ type: 'state', ts: this.#now(), state: condition, reason });
  }

  #gap(gap: Gap): void {
    this.#options.onEvent({ type: 'gap', ...gap });
    if (gap.to !== null) return;
    // No connection spans what was not seen.
    this.#table.flush();
    this.watch.engine.begin();
  }

  /** Keeps what it knows now. */
  save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#write());
    return this.#saving;
  }

  async #write(): Promise<void> {
    const { stateFile } = this.#options;
    if (stateFile === undefined) return;
    const known = { watch: this.watch.save(), devices: this.inventory.save() };
    try {
      await saveState(stateFile, { saved_at: this.#now(), learned: this.#learned, ...known });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#options.onTrouble(error);
    }
  }
}
