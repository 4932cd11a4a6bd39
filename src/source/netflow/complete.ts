/**
 * What the elements of a flow mean together, once its whole message was read: times relative to the exporter's uptime
 * or to the export, counters of several kinds, sampling, both sides of a connection.
 */
import type { Domain, ExportClock } from './domain.ts';
import type { ExportedFlow } from './exported-flow.ts';

/** Before September 2001 (10^9) an exporter's clock was never set. */
export const EARLIEST = 1e9;
const MAX_RATE = 2 ** 24;

/** Milliseconds from `from` to `to` on a counter of 32 bits: the nearer way round. */
export function elapsed(from: number, to: number): number {
  return (to - from) | 0;
}

/** The latest uptime among the flows of a message, on a counter that may have wrapped between them. */
export function newestUptime(flows: readonly ExportedFlow[]): number | null {
  let newest: number | null = null;
  for (const { startUptime, endUptime } of flows) {
    const uptime = endUptime ?? startUptime;
    if (uptime !== null && (newest === null || elapsed(newest, uptime) > 0)) newest = uptime;
  }
  return newest;
}

export interface CompletionSink {
  weird(name: string): void;
}

/** Completes the flows of one message in place. */
export function complete(
  flows: readonly ExportedFlow[],
  domain: Domain,
  clock: ExportClock,
  sink: CompletionSink,
): void {
  const newest = clock.uptime === null && domain.boot === null ? newestUptime(flows) : null;
  const bound = newest === null || clock.exported === null ? null : domain.boundBoot(clock.exported, newest);
  for (const flow of flows) {
    setTimes(flow, clock, flow.boot ?? domain.boot ?? bound, sink);
    setCounters(flow, domain, sink);
    if (flow.service === null && flow.application !== null) flow.service = domain.applicationName(flow.application);
    const isBoth = flow.answerPackets !== null || flow.answerBytes !== null;
    if (flow.biflowDirection === 2 && isBoth) turn(flow);
  }
}

function setTimes(flow: ExportedFlow, clock: ExportClock, boot: number | null, sink: CompletionSink): void {
  const { exported } = clock;
  const uptime = clock.uptime ?? (exported === null || boot === null ? null : uptimeAt(exported, boot));
  flow.start =
    known(flow.start) ?? fromUptime(flow.startUptime, exported, uptime) ?? before(flow.startBefore, exported);
  flow.end = known(flow.end) ?? fromUptime(flow.endUptime, exported, uptime) ?? before(flow.endBefore, exported);
  flow.length ??= lengthOf(flow);
  if (flow.start === null && flow.end !== null && flow.length !== null) flow.start = flow.end - flow.length;
  flow.start ??= flow.end ?? known(flow.observed);
  if (flow.start === null && exported !== null) {
    // Batches are exported together: such times say when, but not how fast.
    flow.start = exported;
    flow.isCoarse = true;
    sink.weird('netflow.export_time');
  }
  if (flow.start !== null && flow.end === null && flow.length !== null) flow.end = flow.start + flow.length;
}

const known = (time: number | null): number | null => (time !== null && time >= EARLIEST ? time : null);

const uptimeAt = (exported: number, boot: number): number => (exported - boot) * 1e3;

const fromUptime = (at: number | null, exported: number | null, uptime: number | null): number | null =>
  at === null || exported === null || uptime === null ? null : exported - fineElapsed(at, uptime) / 1e3;

/** `elapsed` with the fraction of a millisecond that a boot time in seconds may bring. */
function fineElapsed(from: number, to: number): number {
  const whole = Math.floor(to);
  return elapsed(from, whole) + (to - whole);
}

const before = (microseconds: number | null, exported: number | null): number | null =>
  microseconds === null || exported === null ? null : exported - microseconds / 1e6;

/** From counters whose zero may not be known. */
function lengthOf({ startUptime, endUptime, startBefore, endBefore, start, end }: ExportedFlow): number | null {
  if (startUptime !== null && endUptime !== null) return elapsed(startUptime, endUptime) / 1e3;
  if (startBefore !== null && endBefore !== null) return (startBefore - endBefore) / 1e6;
  return start === null || end === null ? null : end - start;
}

/** Deltas before totals, own counters before those of the egress side; then both by the sampling. */
function setCounters(flow: ExportedFlow, domain: Domain, sink: CompletionSink): void {
  flow.packets ??= flow.totalPackets;
  flow.bytes ??= flow.totalBytes;
  if (flow.packets === null && flow.bytes === null) {
    flow.packets = flow.outPackets;
    flow.bytes = flow.outBytes;
  } else {
    flow.answerPackets ??= flow.outPackets;
    flow.answerBytes ??= flow.outBytes;
  }
  if (flow.bytes === null && flow.frameBytes !== null) flow.bytes = withoutFrames(flow);
  const rate = flow.samplingInterval || domain.samplingOf(flow.sampler);
  if (!(rate > 1) || rate > MAX_RATE) return;
  sink.weird('netflow.sampled');
  flow.isEstimate = true;
  for (const field of ['packets', 'bytes', 'answerPackets', 'answerBytes'] as const) {
    const value = flow[field];
    if (value !== null) flow[field] = Math.round(value * rate);
  }
}

const ETHERNET_HEADER = 14;
const withoutFrames = ({ frameBytes, packets }: ExportedFlow): number =>
  Math.max(0, (frameBytes ?? 0) - ETHERNET_HEADER * (packets ?? 0));

/** The exporter has seen the answer first (RFC 5103, 6.3). */
export function turn(flow: ExportedFlow): void {
  [flow.source, flow.destination] = [flow.destination, flow.source];
  [flow.sourcePort, flow.destinationPort] = [flow.destinationPort, flow.sourcePort];
  [flow.packets, flow.answerPackets] = [flow.answerPackets ?? 0, flow.packets];
  [flow.bytes, flow.answerBytes] = [flow.answerBytes ?? 0, flow.bytes];
  [flow.flags, flow.answerFlags] = [flow.answerFlags, flow.flags];
  [flow.sourceMac, flow.destinationMac] = [flow.destinationMac, flow.sourceMac];
}
