import { DONE, etherTypeLayer } from '../../layer.ts';
import type { Packet } from '../../packet.ts';

const SNAP_HEADER = 8;

/** 802.2 LLC: with SNAP and no organisation it carries an EtherType; anything else (spanning tree, …) is no IP. */
export function decodeLlc(packet: Packet): number {
  const { bytes, next } = packet;
  if (next + SNAP_HEADER > packet.end) return DONE;
  const isSnap = bytes[next] === 0xaa && bytes[next + 1] === 0xaa && bytes[next + 2] === 0x03;
  if (!isSnap || (bytes[next + 3] | bytes[next + 4] | bytes[next + 5]) !== 0) return DONE;
  const etherType = (bytes[next + 6] << 8) | bytes[next + 7];
  packet.etherType = etherType;
  packet.next = next + SNAP_HEADER;
  return etherTypeLayer(etherType);
}
