/**
 * The streaming engine: packets and connection records in time order go in; scores and findings come out. While it
 * learns, what it sees becomes the past of each device; then it watches. State is bounded and survives a restart.
 */
import { FlowFeatures } from '../feature/guardian-flow.ts';
import type { Host } from '../feature/host.ts';
import { LinkTracker } from '../feature/link-tracker.ts';
import type { Conn } from '../flow/conn.ts';
import type { Packet } from '../packet/packet.ts';
import { Activity } from './activity.ts';
import type { Behaviour, Outcome } from './behaviour/behaviour.ts';
import { createBehaviours } from './behaviour/index.ts';
import type { Report } from './finding.ts';
import { FlowScorer } from './flow-scorer.ts';
import { PacketScorer } from './packet-scorer.ts';

/** What may be left out, for measurements. */
export const engineParts = ['novelty', 'behaviours'] as const;
export type EnginePart = (typeof engineParts)[number];

export interface EngineOptions {
  without?: ReadonlySet<EnginePart>;
  report?: Report;
}

/** Packets that make a device one with a past. */
const PAST = 20;
const MOST_DEVICES = 16_384;

export class Engine {
  private tracker!: LinkTracker;
  private flowFeatures!: FlowFeatures;
  private readonly packetScorer = new PacketScorer();
  private readonly flowScorer: FlowScorer;
  private readonly behaviours: readonly Behaviour[];
  private packetActivity!: Activity;
  private recordActivity!: Activity;
  private readonly report: Report;
  /** Packets or records of each device that was there while learning. */
  private readonly past = new Map<string, number>();
  private isLearning = true;
  /** Whether packets are seen: then records only repeat what the rules have seen already. */
  private hasPackets = false;

  constructor({ without = new Set(), report = () => {} }: EngineOptions = {}) {
    this.flowScorer = new FlowScorer(!without.has('novelty'));
    this.behaviours = without.has('behaviours') ? [] : createBehaviours();
    this.report = report;
    this.begin();
  }

  /**
   * Another capture or log begins, or the sensor was restarted: connections that were open are not followed any
   * further. What was learned stays.
   */
  begin(): void {
    const hasPast = (host: Host): boolean => (this.past.get(host.address) ?? 0) >= PAST;
    this.tracker = new LinkTracker();
    this.flowFeatures = new FlowFeatures();
    this.packetActivity = new Activity(this.behaviours, this.tracker.hosts, hasPast, this.report);
    this.recordActivity = new Activity(this.behaviours, this.flowFeatures.hosts, hasPast, this.report);
    this.tracker.onIdle = (link) => this.packetActivity.idle(link);
    this.learning = this.isLearning;
  }

  get learning(): boolean {
    return this.isLearning;
  }

  set learning(learning: boolean) {
    this.isLearning = learning;
    this.packetActivity.learning = learning;
    this.recordActivity.learning = learning;
  }

  /** A decoded packet. Nats above ordinary; null for a frame that belongs to no connection. */
  packet(packet: Packet): number | null {
    this.hasPackets = true;
    const step = this.tracker.update(packet);
    if (step === null) {
      this.packetActivity.frame(packet);
      return null;
    }
    const { orig, resp } = step.link.channel;
    if (this.isLearning) this.remember(step.direction === 0 ? orig : resp);
    const score = this.packetScorer.score(packet, step, this.isLearning);
    this.packetActivity.packet(packet, step);
    return score;
  }

  /** A finished connection. Nats above ordinary; null where the record names no addresses. */
  conn(conn: Conn, learn = this.isLearning): number | null {
    const point = this.flowFeatures.point(conn);
    if (point === null) return null;
    const { link } = point;
    if (learn) this.remember(link.channel.orig);
    if (!this.hasPackets) this.recordActivity.record(link, outcomeOf(conn), link.start);
    return this.flowScorer.score(point, learn);
  }

  private remember(host: Host): void {
    const count = this.past.get(host.address);
    if (count !== undefined || this.past.size < MOST_DEVICES) this.past.set(host.address, (count ?? 0) + 1);
  }

  save(): unknown {
    return {
      past: [...this.past],
      packets: this.packetScorer.save(),
      flows: this.flowScorer.save(),
      behaviours: this.behaviours.map((behaviour) => [behaviour.name, behaviour.save?.() ?? null]),
    };
  }

  load(state: unknown): void {
    const saved = state as {
      past: [string, number][];
      packets: unknown;
      flows: unknown;
      behaviours: [string, unknown][];
    };
    this.past.clear();
    for (const [address, count] of saved.past) this.past.set(address, count);
    this.packetScorer.load(saved.packets);
    this.flowScorer.load(saved.flows);
    const byName = new Map(saved.behaviours);
    for (const behaviour of this.behaviours) {
      const own = byName.get(behaviour.name);
      if (own !== undefined && own !== null) behaviour.load?.(own);
    }
  }
}

/** What became of a connection, as far as its record says. */
function outcomeOf({ conn_state, resp_pkts }: Conn): Outcome {
  if (conn_state === 'REJ') return 'refused';
  return conn_state === 'S0' || conn_state === 'SH' || resp_pkts === 0 ? 'unanswered' : 'answered';
}
