/** RTP (RFC 3550): the fixed header and an encrypted payload. */
import type { Random } from '../../engine/random.ts';
import { put16, put32 } from '../bytes.ts';
import { fillOpaque } from './opaque.ts';

export function rtpPacket(
  payloadType: number,
  sequence: number,
  timestamp: number,
  source: number,
  payloadBytes: number,
  random: Random,
): Uint8Array {
  const packet = new Uint8Array(12 + payloadBytes);
  packet[0] = 0x80;
  packet[1] = payloadType;
  put16(packet, 2, sequence & 0xffff);
  put32(packet, 4, timestamp >>> 0);
  put32(packet, 8, source);
  fillOpaque(packet, 12, packet.length, random);
  return packet;
}
