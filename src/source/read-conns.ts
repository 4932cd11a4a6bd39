/** Connection records from any source: a log gives them, a capture becomes them. */
import type { AppRecord } from '../flow/app-record.ts';
import type { Conn } from '../flow/conn.ts';
import type { PacketWatcher } from '../flow/station-counts.ts';
import type { Packet } from '../packet/packet.ts';
import { assertBalanced, type CaptureStats, flowsFromCapture } from './capture/flows-from-capture.ts';
import { openSource, type Source } from './open-source.ts';
import type { ReadOptions, SourceStats } from './source.ts';

export interface ReadConnsOptions extends ReadOptions {
  /** Take packets with wrong checksums too: all, or (auto) those of senders that have no right one. */
  ignoreChecksums?: boolean | 'auto';
  /** Sees every sound packet of a capture, decoded, before its connection does; the packet is reused. */
  onPacket?: (packet: Packet) => void;
  /** Sees packets of a capture, or has them counted. */
  watcher?: PacketWatcher;
  /** Receives what application protocols of a capture say in the clear. */
  onApp?: (record: AppRecord) => void;
}

/** What a run says at its end; a capture says more than a log. */
export type RunStats = SourceStats & Partial<CaptureStats>;

/** Whatever was offered is accounted for when this returns. */
export async function readConns(
  source: Source,
  onConn: (conn: Conn) => void,
  options: ReadConnsOptions = {},
): Promise<RunStats> {
  if (source.kind === 'packets') {
    return flowsFromCapture((sink, read) => source.readFrames(sink, read), { ...options, name: source.name }, onConn);
  }
  const stats = await source.read(onConn, options);
  assertBalanced(stats);
  return stats;
}

/** A plain table is judged in file order, as published; everything else says whose traffic it is. */
export const namesDevices = (source: Source): boolean => source.kind === 'packets' || source.format !== 'csv';

/** Whether any of the files says whose traffic it holds. */
export async function nameDevices(files: readonly string[]): Promise<boolean> {
  for (const file of files) if (namesDevices(await openSource(file, {}))) return true;
  return false;
}
