/** Connection records from any source: a log gives them, a capture becomes them. */
import type { AppRecord } from '../flow/app-record.ts';
import type { Conn } from '../flow/conn.ts';
import type { Packet } from '../packet/packet.ts';
import { flowsFromCapture } from '../source/capture/flows-from-capture.ts';
import type { Source } from '../source/open-source.ts';
import type { ReadOptions, SourceStats } from '../source/source.ts';

export interface ReadConnsOptions extends ReadOptions {
  /** Take packets with wrong checksums too: all, or (auto) those of senders that have no right one. */
  ignoreChecksums?: boolean | 'auto';
  /** Sees every sound packet of a capture, decoded, before its connection does; the packet is reused. */
  onPacket?: (packet: Packet) => void;
  /** Receives what application protocols of a capture say in the clear. */
  onApp?: (record: AppRecord) => void;
}

export async function readConns(
  source: Source,
  onConn: (conn: Conn) => void,
  options: ReadConnsOptions = {},
): Promise<SourceStats> {
  if (source.kind === 'flows') return source.read(onConn, options);
  return flowsFromCapture((sink, read) => source.readFrames(sink, read), { ...options, name: source.name }, onConn);
}
