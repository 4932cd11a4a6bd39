/**
 * Joins the two one-way flows of a connection, as most exporters send them, to one record. The earlier one is the
 * originator's; at equal times, the one towards the lower port. Memory is bounded: the oldest leave when it is full.
 */
import type { ExportedFlow } from './exported-flow.ts';
import { Generations } from './generations.ts';

/** Seconds by which the two halves may lie apart. */
const WINDOW_S = 120;

export class Pairing {
  /** Flows without their other half. */
  readonly #waiting: Generations<ExportedFlow>;
  readonly #onFlow: (flow: ExportedFlow) => void;

  constructor(onFlow: (flow: ExportedFlow) => void, limit = 65_536) {
    this.#onFlow = onFlow;
    this.#waiting = new Generations(onFlow, limit);
  }

  add(flow: ExportedFlow): 'taken' | 'seen twice' {
    // The exporter has joined both directions itself, or tells of what was never let through.
    if (flow.answerPackets !== null || flow.answerBytes !== null || flow.event !== null) {
      this.#onFlow(flow);
      return 'taken';
    }
    const { exporter, proto } = flow;
    const [from, fromPort] = [flow.source, flow.sourcePort];
    const [to, toPort] = [flow.postDestination ?? flow.destination, flow.postDestinationPort || flow.destinationPort];
    const reverse = `${exporter} ${proto} ${to} ${toPort} ${from} ${fromPort}`;
    const other = this.#waiting.get(reverse);
    if (other && near(other, flow)) {
      this.#waiting.take(reverse);
      this.#onFlow(joined(other, flow));
      return 'taken';
    }
    const key = `${exporter} ${proto} ${from} ${fromPort} ${to} ${toPort}`;
    const same = this.#waiting.get(key);
    if (same) {
      if (isSame(same, flow)) return 'seen twice';
      this.#waiting.take(key);
      this.#onFlow(same);
    }
    this.#waiting.put(key, flow);
    return 'taken';
  }

  /** Delivers what already waited at the ageing before this one. */
  age(): void {
    this.#waiting.age();
  }

  /** Delivers everything that waits. */
  flush(): void {
    this.#waiting.flush();
  }
}

/** Metered where it came in and where it went out: one flow, told twice. */
const isSame = (a: ExportedFlow, b: ExportedFlow): boolean =>
  a.direction !== null &&
  b.direction !== null &&
  a.direction !== b.direction &&
  a.start === b.start &&
  a.packets === b.packets;

function near(a: ExportedFlow, b: ExportedFlow): boolean {
  if (a.start === null || b.start === null) return true;
  const [aEnd, bEnd] = [a.end ?? a.start, b.end ?? b.start];
  return a.start <= bEnd + WINDOW_S && b.start <= aEnd + WINDOW_S;
}

function joined(a: ExportedFlow, b: ExportedFlow): ExportedFlow {
  const [first, second] = isOriginator(a, b) ? [a, b] : [b, a];
  const ends = [first.end, second.end].filter((end) => end !== null);
  const end = ends.length === 0 ? null : Math.max(...ends);
  const known = first.start !== null && end !== null && !first.isCoarse;
  return {
    ...first,
    answerPackets: second.packets,
    answerBytes: second.bytes,
    answerFlags: second.flags,
    isEstimate: first.isEstimate || second.isEstimate,
    end,
    length: known ? end - first.start! : longer(first.length, second.length),
    // What answers leave by is who was asked; beyond a router it is the router.
    destinationMac: first.destinationMac ?? second.sourceMac,
    sourceMac: first.sourceMac ?? second.destinationMac,
    service: first.service ?? second.service,
  };
}

const longer = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);

/** A flow towards a well-known port asks; where both began at once, that decides. */
function isOriginator(a: ExportedFlow, b: ExportedFlow): boolean {
  if (a.start !== null && b.start !== null && a.start !== b.start) return a.start < b.start;
  return (a.destinationPort ?? 0) <= (b.destinationPort ?? 0);
}
