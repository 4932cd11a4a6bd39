/**
 * Joins the two one-way flows of a connection, as most exporters send them, to one record. The earlier one is the
 * originator's; at equal times, the one towards the lower port. Memory is bounded: the oldest leave when it is full.
 */
import type { ExportedFlow } from './element.ts';

/** Seconds by which the two halves may lie apart. */
const WINDOW_S = 120;

export class Pairing {
  /** Flows without their other half, by key: those that came since the last ageing, and those before. */
  private young = new Map<string, ExportedFlow>();
  private old = new Map<string, ExportedFlow>();
  private readonly onFlow: (flow: ExportedFlow) => void;
  private readonly limit: number;

  constructor(onFlow: (flow: ExportedFlow) => void, limit = 65_536) {
    this.onFlow = onFlow;
    this.limit = limit;
  }

  add(flow: ExportedFlow): void {
    // The exporter has joined both directions itself.
    if (flow.answerPackets !== null) {
      this.onFlow(flow);
      return;
    }
    const reverse = keyOf(flow.destination, flow.destinationPort, flow.source, flow.sourcePort, flow.proto);
    const other = this.young.get(reverse) ?? this.old.get(reverse);
    if (other && near(other, flow)) {
      this.forget(reverse);
      this.onFlow(joined(other, flow));
      return;
    }
    const key = keyOf(flow.source, flow.sourcePort, flow.destination, flow.destinationPort, flow.proto);
    const same = this.young.get(key) ?? this.old.get(key);
    if (same) {
      this.forget(key);
      this.onFlow(same);
    }
    if (this.young.size >= this.limit / 2) this.age();
    this.young.set(key, flow);
  }

  /** Delivers what already waited at the ageing before this one. */
  age(): void {
    for (const flow of this.old.values()) this.onFlow(flow);
    this.old = this.young;
    this.young = new Map();
  }

  /** Delivers everything that waits. */
  flush(): void {
    this.age();
    this.age();
  }

  private forget(key: string): void {
    if (!this.young.delete(key)) this.old.delete(key);
  }
}

const keyOf = (
  a: string | null,
  ap: number | null,
  b: string | null,
  bp: number | null,
  proto: number | null,
): string => `${proto} ${a} ${ap} ${b} ${bp}`;

function near(a: ExportedFlow, b: ExportedFlow): boolean {
  if (a.start === null || b.start === null) return true;
  const [aEnd, bEnd] = [a.end ?? a.start, b.end ?? b.start];
  return a.start <= bEnd + WINDOW_S && b.start <= aEnd + WINDOW_S;
}

function joined(a: ExportedFlow, b: ExportedFlow): ExportedFlow {
  const [first, second] = isOriginator(a, b) ? [a, b] : [b, a];
  return {
    ...first,
    answerPackets: second.packets,
    answerBytes: second.bytes,
    answerFlags: second.flags,
    end: first.end === null ? second.end : Math.max(first.end, second.end ?? first.end),
    destinationMac: first.destinationMac ?? second.sourceMac,
  };
}

function isOriginator(a: ExportedFlow, b: ExportedFlow): boolean {
  if (a.start !== null && b.start !== null && a.start !== b.start) return a.start < b.start;
  return (a.destinationPort ?? 0) <= (b.destinationPort ?? 0);
}
