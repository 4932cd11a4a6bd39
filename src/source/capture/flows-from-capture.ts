import type { Conn } from '../../flow/conn.ts';
import { StationCounts } from '../../flow/station-counts.ts';
import { type ConnectionTableOptions, createConnectionTable } from '../../flow/table/connection-table.ts';
import { decodePacket } from '../../packet/decode.ts';
import { LayerCount } from '../../packet/layer-count.ts';
import type { Packet } from '../../packet/packet.ts';
import { reasons } from '../../packet/reason.ts';
import type { Accounting, ReadOptions, SourceStats } from '../source.ts';
import type { FrameSink } from './capture-parser.ts';
import { loadFlowKernel } from './flow-kernel.ts';
import { readCapture } from './read-capture.ts';

export interface CaptureOptions extends ReadOptions, Omit<ConnectionTableOptions, 'onConn'> {
  /** Sees every sound packet, decoded, before its connection does; what it wants to keep, it copies. */
  onPacket?: (packet: Packet) => void;
}

/** What a capture run says at its end. */
export interface CaptureStats extends SourceStats {
  connections: number;
  /** Decoded packets by layer: ipv4, ipv6, arp, tcp, udp, vlan, fragment, … */
  layers: Record<string, number>;
  /** Connections that were ended early because the table was full. */
  evictedEmergency: number;
}

/** More than a frame of the largest size can hold. */
const MAXIMUM_SUBFRAMES = 64;

/** Hands every frame of an opened capture to the sink. */
export type FrameReader = (sink: FrameSink, options: ReadOptions) => Promise<SourceStats>;

/** A capture (its path, its bytes, or one that is open), one pass through: its connection records, and what was read. */
export async function flowsFromCapture(
  input: string | AsyncIterable<Uint8Array> | FrameReader,
  options: CaptureOptions,
  onConn: (conn: Conn) => void,
): Promise<CaptureStats> {
  const { onPacket, watcher } = options;
  const checkIpChecksum = options.ignoreChecksums !== true;
  const acceptsOffload = options.ignoreChecksums === 'auto';
  const layers = new LayerCount();
  const refused = new Uint32Array(reasons.length);
  let connections = 0;
  const table = createConnectionTable({
    kernel: loadFlowKernel(),
    ...options,
    onConn: (conn) => {
      connections++;
      onConn(conn);
    },
  });
  const takeFrame = (packet: Packet): void => {
    packet.acceptsOffload = acceptsOffload;
    const { end } = packet;
    takeOne(packet);
    // Access points put several packets into a frame; it is decoded from its beginning for each.
    while (packet.hasMore && packet.subframe < MAXIMUM_SUBFRAMES) {
      packet.subframe++;
      packet.end = end;
      takeOne(packet);
    }
    packet.subframe = 0;
  };
  const takeOne = (packet: Packet): void => {
    const isSound = decodePacket(packet, checkIpChecksum);
    // Whatever is in it, its time is known: as in Zeek every frame moves the clock. What is over by then is told before.
    table.advance(packet.ts);
    if (!isSound) {
      // The frame counts once: behind its first packet what is wrong is an oddity.
      if (packet.subframe === 0) refused[packet.reason]++;
      else table.weirds.count(reasons[packet.reason]);
      return;
    }
    layers.add(packet);
    if (onPacket !== undefined) onPacket(packet);
    table.packet(packet, watcher?.packet(packet));
  };
  const { fastPath } = table;
  if (fastPath !== null) fastPath.onPacket = onPacket ?? null;
  const onFrame: FrameSink =
    fastPath === null ? takeFrame : Object.assign(takeFrame, { window: fastPath.window, records: fastPath });
  let stats: SourceStats;
  try {
    stats = await (typeof input === 'function' ? input(onFrame, options) : readCapture(input, onFrame, options));
    table.flush();
  } finally {
    // What was counted is taken before the table's memory goes.
    watcher?.watch(new StationCounts());
  }
  for (const [number, count] of refused.entries()) {
    if (count === 0) continue;
    stats.rejected[`decode.${reasons[number]}`] = count;
    stats.parsed -= count;
  }
  if (fastPath !== null) layers.addTaken(fastPath.counts());
  assertBalanced(stats);
  const weirds = { ...stats.weirds, ...table.weirds.toRecord() };
  return { ...stats, weirds, connections, layers: layers.toRecord(), evictedEmergency: table.evictedEmergency };
}

/** Every packet or row that was offered was parsed, refused for a reason, or lost in a counted place. Anything else is a bug. */
export function assertBalanced({ offered, parsed, rejected, dropped }: Accounting): void {
  const counts = [...Object.values(rejected), ...Object.values(dropped)];
  const accounted = counts.reduce((sum, count) => sum + count, parsed);
  if (accounted !== offered) throw new Error(`${offered} units were offered, ${accounted} are accounted for`);
}
