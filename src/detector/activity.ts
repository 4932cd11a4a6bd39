/** Turns packets and records into the events that the behaviour rules look at. */
import type { HostTable } from '../feature/host.ts';
import type { Link } from '../feature/link.ts';
import type { Step } from '../feature/link-tracker.ts';
import type { Packet } from '../packet/packet.ts';
import type { Behaviour, Context, Outcome } from './behaviour/behaviour.ts';
import { DnsNames } from './behaviour/name/dns-names.ts';
import type { Report } from './finding.ts';

/** Whoever has not answered a first packet after this long will not: two retransmissions of a SYN have gone by. */
const PATIENCE = 3;
/** So many are waited for; in a flood the oldest are given up earlier. */
const MOST_WAITING = 16_384;

export class Activity {
  private readonly behaviours: readonly Behaviour[];
  private readonly context: Context;
  /** Connections that wait for an answer, in the order that they began. */
  private waiting: Link[] = [];
  private waitingFrom = 0;
  private lastTick = Number.NEGATIVE_INFINITY;

  constructor(behaviours: readonly Behaviour[], hosts: HostTable, report: Report) {
    this.behaviours = behaviours;
    const names = behaviours.find((behaviour) => behaviour instanceof DnsNames) ?? new DnsNames();
    this.context = { ts: 0, learning: false, isWarmingUp: false, hasPast: false, hosts, names, report };
  }

  /** Whether rules learn now, and whether anything was learned before. */
  setPhase(learning: boolean, hasPast: boolean): void {
    this.context.learning = learning;
    this.context.hasPast = hasPast;
  }

  /** A packet that belongs to a connection; `teaches` also while watching, where its device is still getting known. */
  packet(packet: Packet, step: Step, teaches = this.context.learning): void {
    const { link } = step;
    this.advance(packet.ts);
    const { learning } = this.context;
    this.context.isWarmingUp = teaches && !learning;
    this.context.learning = learning || teaches;
    const { orig, resp } = link.channel;
    const [sender, receiver] = step.direction === 0 ? [orig, resp] : [resp, orig];
    if (sender.scope === 'external') receiver.outsideHeard = packet.ts;
    if (step.opened) {
      this.emitStart(link);
      if (step.direction === 0) this.waiting.push(link);
    }
    if (step.refused) this.emitOutcome(link, 'refused');
    else if (step.direction === 1 && link.packets[1] === 1) this.emitOutcome(link, 'answered');
    if (step.refuses !== null) this.emitOutcome(step.refuses, 'refused');
    for (const behaviour of this.behaviours) behaviour.packet?.(packet, step, this.context);
    if (step.closed) this.emitEnd(link);
    this.context.learning = learning;
  }

  frame(packet: Packet): void {
    this.advance(packet.ts);
    for (const behaviour of this.behaviours) behaviour.frame?.(packet, this.context);
  }

  /** A whole connection from a log. */
  record(link: Link, outcome: Outcome, ts: number, teaches = this.context.learning): void {
    this.advance(ts);
    const { learning } = this.context;
    this.context.isWarmingUp = teaches && !learning;
    this.context.learning = learning || teaches;
    const { orig, resp } = link.channel;
    if (outcome === 'answered' && resp.scope === 'external') orig.outsideHeard = ts;
    this.emitStart(link);
    this.emitOutcome(link, outcome);
    this.emitEnd(link);
    this.context.learning = learning;
  }

  /** A whole connection from a log that says not when it was: for rules that need not know. */
  untimedRecord(link: Link, outcome: Outcome): void {
    this.context.ts = Math.max(this.context.ts, link.start);
    for (const behaviour of this.behaviours) {
      if (!behaviour.needsNoTime) continue;
      behaviour.start?.(link, this.context);
      behaviour.outcome?.(link, outcome, this.context);
      behaviour.end?.(link, this.context);
    }
  }

  /** A connection that was given up because nothing was heard of it. */
  idle(link: Link): void {
    this.emitEnd(link);
  }

  /** Time goes on: waiting calls are given up, rules get their second. */
  advance(ts: number): void {
    const { context } = this;
    if (ts > context.ts) context.ts = ts;
    while (
      this.waitingFrom < this.waiting.length &&
      (this.waiting[this.waitingFrom].start < context.ts - PATIENCE ||
        this.waiting.length - this.waitingFrom > MOST_WAITING)
    ) {
      const link = this.waiting[this.waitingFrom++];
      if (link.state === 'attempt') this.emitOutcome(link, 'unanswered');
    }
    if (this.waitingFrom > 1024) {
      this.waiting = this.waiting.slice(this.waitingFrom);
      this.waitingFrom = 0;
    }
    if (context.ts - this.lastTick >= 1) {
      this.lastTick = context.ts;
      for (const behaviour of this.behaviours) behaviour.tick?.(context);
    }
  }

  private emitStart(link: Link): void {
    for (const behaviour of this.behaviours) behaviour.start?.(link, this.context);
  }

  private emitOutcome(link: Link, outcome: Outcome): void {
    for (const behaviour of this.behaviours) behaviour.outcome?.(link, outcome, this.context);
  }

  private emitEnd(link: Link): void {
    for (const behaviour of this.behaviours) behaviour.end?.(link, this.context);
  }
}
