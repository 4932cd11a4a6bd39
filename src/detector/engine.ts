/**
 * The streaming engine: packets and connection records in time order go in; scores and findings come out. While it
 * learns, what it sees becomes the past of each device; then it watches. State is bounded and survives a restart.
 */
import { FlowFeatures } from '../feature/guardian-flow.ts';
import { type Host, LocalPrefixes } from '../feature/host.ts';
import { LinkTracker } from '../feature/link-tracker.ts';
import { type Conn, hasTime } from '../flow/conn.ts';
import type { Packet } from '../packet/packet.ts';
import { Activity } from './activity.ts';
import { AlarmBudget, type SavedAlarmBudget } from './alarm/alarm-budget.ts';
import { Baseline, type PastOfHost, type SavedBaseline } from './baseline.ts';
import type { Behaviour, Outcome } from './behaviour/behaviour.ts';
import { createBehaviours } from './behaviour/index.ts';
import { rename, withoutAddress } from './behaviour/spoofing/address.ts';
import { Voices } from './behaviour/spoofing/voices.ts';
import type { EngineOptions } from './engine-options.ts';
import type { Explanation, Finding, Report } from './finding.ts';
import { Networks, type SavedNetworks } from './network/networks.ts';
import { ownerOf } from './owner.ts';
import { FlowScorer } from './profile/flow-scorer.ts';
import type { HourVerdict } from './profile/hour-sample.ts';
import { PacketScorer } from './profile/packet-scorer.ts';
import type { SavedProfiles } from './profile/profiles.ts';
import { RateScorer } from './profile/rate-scorer.ts';

const MOST_LEFT = 1024;
const HARMLESS = new Set(['newcomer', 'first-seen']);

/** How far Guardian knows a device. */
export interface DeviceProgress {
  address: string;
  /** Seconds since it was first learned from, and packets or records that taught. */
  seconds: number;
  points: number;
  isWarmingUp: boolean;
}

/** What an engine has learned, as JSON. */
export interface SavedEngine {
  /** Null while it learns; missing in states of before 0.1.0. */
  watchingSince?: number | null;
  past: SavedBaseline;
  packets: SavedProfiles;
  flows: SavedProfiles;
  rates: SavedProfiles;
  networks?: SavedNetworks | null;
  /** The alarm budget, by the name that 0.1.0 gave it. */
  vigil: SavedAlarmBudget;
  /** By name; each rule knows its own. */
  behaviours: [name: string, state: unknown][];
}

/** What the owner's word has changed. */
export interface Acceptance {
  /** Packets, connections and ten minutes that were learned. */
  points: number;
  /**
   * How often a week the past holds an hour as unusual as the device's, before and now; null where no unusual hour of
   * it was called out.
   */
  usualPerWeek: { before: number; after: number } | null;
}

export class Engine {
  private tracker!: LinkTracker;
  private flowFeatures!: FlowFeatures;
  private readonly packetScorer = new PacketScorer();
  private readonly flowScorer: FlowScorer;
  private readonly rateScorer = new RateScorer();
  private readonly scorers: readonly (PacketScorer | FlowScorer | RateScorer)[];
  private readonly networks: Networks | null;
  /** Whether the density profiles speak; without them a score is what a network says. */
  private readonly hasProfiles: boolean;
  readonly alarmBudget: AlarmBudget;
  private readonly behaviours: readonly Behaviour[];
  private packetActivity!: Activity;
  private recordActivity!: Activity;
  private readonly report: Report;
  private readonly onScore: EngineOptions['onScore'];
  /** Devices that a rule has called out in the running hour. */
  private readonly suspects = new Set<string>();
  private readonly prefixes = new LocalPrefixes();
  readonly past = new Baseline();
  private isLearning = true;
  private readonly warmUp: number;
  /** Since when it watches, in the time of the traffic. */
  private watchingSince = Number.POSITIVE_INFINITY;
  private now = Number.NEGATIVE_INFINITY;
  /** Addresses that a device has left behind, and when: connections from before may still come to their end. */
  private readonly left = new Map<string, number>();
  /** Whether packets are seen: then records only repeat what the rules have seen already. */
  private hasPackets = false;

  constructor(options: EngineOptions = {}) {
    const { budget = 1, without = new Set(), blockLists = { lists: [] }, warmUp = 0, report = () => {} } = options;
    this.warmUp = warmUp;
    this.onScore = options.onScore;
    this.networks = options.trainer && !without.has('networks') ? new Networks(options.trainer, without) : null;
    this.hasProfiles = !without.has('profiles');
    this.flowScorer = new FlowScorer(!without.has('novelty'));
    this.scorers = [this.packetScorer, this.flowScorer, this.rateScorer];
    this.behaviours = without.has('behaviours') ? [] : createBehaviours(blockLists, budget);
    const voices = this.behaviours.find((behaviour) => behaviour instanceof Voices);
    const accuse = (finding: Finding): Finding => voices?.accuse(finding) ?? finding;
    this.report = (found) => {
      const finding = accuse(found);
      // What is merely new is no reason not to learn from the device.
      if (!HARMLESS.has(finding.detector)) this.suspects.add(finding.host.address);
      report(finding);
    };
    const tellOf: Report = (finding) => report(accuse(finding));
    this.alarmBudget = new AlarmBudget(budget, tellOf, (device, verdict) => this.endHour(device, verdict));
    this.begin();
  }

  /**
   * Another capture or log begins, or the sensor was restarted: connections that were open are not followed any
   * further. What was learned stays.
   */
  begin(): void {
    this.tracker = new LinkTracker(this.prefixes);
    this.left.clear();
    this.rateScorer.begin();
    this.networks?.begin();
    this.flowFeatures = new FlowFeatures(this.prefixes);
    this.packetActivity = new Activity(this.behaviours, this.tracker.hosts, this.report);
    this.recordActivity = new Activity(this.behaviours, this.flowFeatures.hosts, this.report);
    this.tracker.onIdle = (link) => this.packetActivity.idle(link);
    this.setPhase();
  }

  get learning(): boolean {
    return this.isLearning;
  }

  set learning(learning: boolean) {
    if (learning) this.watchingSince = Number.POSITIVE_INFINITY;
    else if (this.watchingSince === Number.POSITIVE_INFINITY) this.watchingSince = Math.max(this.now, this.past.last);
    this.isLearning = learning;
    this.setPhase();
  }

  private setPhase(): void {
    this.alarmBudget.learning = this.isLearning;
    this.packetActivity.setPhase(this.isLearning, this.past.exists);
    this.recordActivity.setPhase(this.isLearning, this.past.exists);
  }

  /** A decoded packet. Nats above ordinary; null for a frame that belongs to no connection. */
  packet(frame: Packet): number | null {
    this.hasPackets = true;
    const packet = this.tracker.whole(frame);
    const step = packet && this.tracker.update(packet);
    if (packet === null || step === null) {
      this.packetActivity.frame(packet ?? frame);
      return null;
    }
    const { orig, resp } = step.link.channel;
    const device = ownerOf(orig, resp);
    const learn = this.teaches(device, packet.ts);
    if (this.isBlank) {
      this.packetActivity.packet(packet, step, learn);
      return 0;
    }
    if (learn) this.past.add(step.direction === 0 ? orig : resp, step.direction === 0 ? resp : orig, packet.ts);
    const score = this.packetScorer.score(packet, step, learn);
    this.rateScorer.packet(packet, step);
    this.measure(packet.ts);
    const forecast = this.networks?.forecaster?.observe(device, this.packetScorer, packet.ts, learn);
    if (learn === this.isLearning) {
      const to = (device === orig ? resp : orig).address;
      if (this.hasProfiles)
        this.alarmBudget.observe(device, 'packets', this.packetScorer.channelSurprise, packet.ts, () => ({
          deviations: this.packetScorer.explain(device.address),
          evidence: { ...compared(this.packetScorer.hasOwn(device.address)), to },
        }));
      if (forecast)
        this.alarmBudget.observe(device, 'forecaster', forecast.nats, packet.ts, () =>
          comparedWith(
            forecast.explain((feature) => this.packetScorer.usual(device.address, feature)),
            this.packetScorer.hasOwn(device.address),
          ),
        );
    }
    if (!learn) this.onScore?.(device, this.packetScorer.channelSurprise);
    this.packetActivity.packet(packet, step, learn);
    return this.hasProfiles ? score : (forecast?.nats ?? 0);
  }

  /**
   * A finished connection. Nats above ordinary; null where the record names no addresses, or the device has left its
   * address since.
   */
  conn(conn: Conn, mayLearn = true): number | null {
    if (this.hasPackets && this.isBlank) return null;
    if (!hasTime(conn)) {
      // All of them would seem to have come at once: they teach nothing, and feed nothing that counts by time.
      const link = this.flowFeatures.untimedLink(conn);
      if (link !== null) this.recordActivity.untimedRecord(link, outcomeOf(conn));
      return null;
    }
    const point = this.flowFeatures.point(conn);
    if (point === null) return null;
    const { link } = point;
    // Its packets were judged as what they were; as a whole it belongs to nobody who is known by that address now.
    if (link.start <= (this.left.get(point.device.address) ?? Number.NEGATIVE_INFINITY)) return null;
    const learn = mayLearn && this.teaches(point.device, link.start);
    if (this.isBlank) {
      this.recordActivity.record(link, outcomeOf(conn), link.start, learn);
      return 0;
    }
    if (learn) this.past.add(link.channel.orig, link.channel.resp, link.start);
    const score = this.flowScorer.score(point, learn);
    // What must not be learned teaches the rules nothing either, and is no reason to suspect anybody.
    if (!this.hasPackets && (mayLearn || !this.isLearning)) {
      this.recordActivity.record(link, outcomeOf(conn), link.start, learn);
      this.rateScorer.record(link);
      this.measure(link.start);
    }
    const { orig, resp } = link.channel;
    const { device } = point;
    const rebuilt = this.networks?.autoencoder?.observe(point, learn);
    if (learn === this.isLearning) {
      if (this.hasProfiles)
        this.alarmBudget.observe(device, 'connections', score, link.start, () => ({
          deviations: this.flowScorer.explain(point),
          evidence: {
            ...compared(this.flowScorer.hasOwn(device.address)),
            to: (device === orig ? resp : orig).address,
          },
        }));
      if (rebuilt)
        this.alarmBudget.observe(device, 'autoencoder', rebuilt.nats, link.start, () =>
          comparedWith(
            rebuilt.explain((feature) => this.flowScorer.usual(device.address, feature)),
            this.flowScorer.hasOwn(device.address),
          ),
        );
    }
    if (!learn) this.onScore?.(device, score);
    return this.hasProfiles ? score : (rebuilt?.nats ?? 0);
  }

  /** Time goes on although no packet comes: for silences, and for hours that end. */
  tick(ts: number): void {
    this.measure(ts);
    this.alarmBudget.advance(ts);
    this.packetActivity.advance(ts);
  }

  /** Whether what was learned has ceased to describe this house, in numbers; null: it has not. */
  get drift(): AlarmBudget['drift'] {
    return this.alarmBudget.drift;
  }

  /** "This is expected": what the device was called out for becomes part of its past. `word` names it, to take it back. */
  accept(address: string, word: string): Acceptance {
    const points = this.scorers.reduce((sum, scorer) => sum + scorer.accept(address, word), 0);
    this.suspects.delete(address);
    return { points, usualPerWeek: this.alarmBudget.accept(address, word) };
  }

  /** It is not expected after all: what was learned by that word leaves the past. */
  revoke(word: string): void {
    for (const scorer of this.scorers) scorer.revoke(word);
    this.alarmBudget.revoke(word);
  }

  /** Words that were taken back while nobody was there to hear it: all but those that stand. */
  keepWords(standing: ReadonlySet<string>): void {
    const known = new Set([...this.scorers.flatMap(({ words }) => words), ...this.alarmBudget.words]);
    for (const word of known) if (!standing.has(word)) this.revoke(word);
  }

  /** Everything that was learned of the device (an IP or link-layer address) by itself goes; what the house has learned from it holds no address. */
  forget(address: string): void {
    this.past.forget(address);
    for (const scorer of this.scorers) scorer.forget(address);
    this.alarmBudget.forget(address);
    this.suspects.delete(address);
    this.networks?.forget(address);
    for (const behaviour of this.behaviours) {
      const learned = behaviour.save?.();
      if (learned !== undefined) behaviour.load?.(withoutAddress(learned, address));
    }
  }

  /**
   * The device has another address (any text that no other device goes by): all that was learned of it is known under
   * that, together with what was learned under it. An hour that is running is not judged to its end.
   */
  move(from: string, to: string): void {
    if (from === to) return;
    if (this.left.size >= MOST_LEFT) this.left.delete(this.left.keys().next().value!);
    this.left.set(from, this.now);
    this.past.move(from, to);
    for (const scorer of this.scorers) scorer.move(from, to);
    this.alarmBudget.move(from, to);
    if (this.suspects.delete(from)) this.suspects.add(to);
    this.networks?.move(from, to);
    for (const behaviour of this.behaviours) {
      const learned = behaviour.knowsByMac ? undefined : behaviour.save?.();
      if (learned !== undefined) behaviour.load?.(rename(learned, from, to));
    }
  }

  /** When the device was first learned from under this address; null: never. */
  knownSince(address: string): number | null {
    return this.past.since(address);
  }

  /** Whether the device is learned from now: everybody while learning, newcomers while they warm up, suspects never. */
  private teaches(device: Host, ts: number): boolean {
    if (ts > this.now) this.now = ts;
    if (this.suspects.has(device.address)) return false;
    return this.isLearning || this.past.isWarmingUp(device, ts, this.watchingSince, this.warmUp);
  }

  /** Nothing is known of anybody, and nothing will be: only the rules have anything to say. */
  private get isBlank(): boolean {
    return !this.isLearning && this.warmUp === 0 && !this.past.exists;
  }

  /** The devices of this network that were learned from. */
  devices(): DeviceProgress[] {
    return this.past.devices().map(({ address, first, last, count }) => ({
      ...{ address, seconds: last - first, points: count },
      isWarmingUp: this.isLearning || (first >= this.watchingSince && this.now - first < this.warmUp),
    }));
  }

  private endHour(device: string, verdict: HourVerdict): void {
    const own = this.suspects.delete(device) ? 'alarmed' : verdict;
    for (const scorer of this.scorers) scorer.endHour(device, own);
  }

  private measure(ts: number): void {
    for (const { host, nats, explain, hasOwn, ts: end } of this.rateScorer.advance(ts, (host) =>
      this.teaches(host, ts),
    )) {
      if (this.hasProfiles)
        this.alarmBudget.observe(host, 'amounts', nats, end, () => ({
          deviations: explain(),
          evidence: compared(hasOwn),
        }));
    }
  }

  /** What was learned of a host: for how long, and whom it talked to. */
  pastOf(host: Host, other: Host | null): PastOfHost {
    return this.past.of(host, other);
  }

  save(): SavedEngine {
    return {
      // JSON knows no infinity.
      watchingSince: Number.isFinite(this.watchingSince) ? this.watchingSince : null,
      past: this.past.save(),
      packets: this.packetScorer.save(),
      flows: this.flowScorer.save(),
      rates: this.rateScorer.save(),
      networks: this.networks?.save() ?? null,
      vigil: this.alarmBudget.save(),
      behaviours: this.behaviours.map((behaviour) => [behaviour.name, behaviour.save?.() ?? null]),
    };
  }

  load(saved: SavedEngine): void {
    this.watchingSince = saved.watchingSince ?? Number.POSITIVE_INFINITY;
    this.past.load(saved.past);
    this.packetScorer.load(saved.packets);
    this.flowScorer.load(saved.flows);
    this.rateScorer.load(saved.rates);
    if (saved.networks) this.networks?.load(saved.networks);
    this.alarmBudget.load(saved.vigil);
    const byName = new Map(saved.behaviours);
    for (const behaviour of this.behaviours) {
      const own = byName.get(behaviour.name);
      if (own !== undefined && own !== null) behaviour.load?.(own);
    }
  }
}

/** What a device without a past of its own is compared with; where it has one, that goes without saying. */
const compared = (hasOwn: boolean): { compared_with?: 'house' } => (hasOwn ? {} : { compared_with: 'house' });

const comparedWith = <Kind extends 'rhythm' | 'sequence'>(
  { deviations, evidence }: Explanation<Kind>,
  hasOwn: boolean,
): Explanation<Kind> => ({ deviations, evidence: { ...evidence, ...compared(hasOwn) } });

/** What became of a connection, as far as its record says. */
function outcomeOf({ conn_state, resp_pkts }: Conn): Outcome {
  if (conn_state === 'REJ') return 'refused';
  return conn_state === 'S0' || conn_state === 'SH' || resp_pkts === 0 ? 'unanswered' : 'answered';
}
