/** NTP (RFC 5905), client and server packet. */
import { put32 } from '../bytes.ts';

const UNIX_EPOCH = 2_208_988_800; // seconds from 1900 to 1970

function timestamp(packet: Uint8Array, at: number, microseconds: number): void {
  put32(packet, at, (Math.floor(microseconds / 1e6) + UNIX_EPOCH) >>> 0);
  put32(packet, at + 4, Math.floor(((microseconds % 1e6) / 1e6) * 4294967296) >>> 0);
}

/** Times in microseconds since 1970. */
export function ntpRequest(now: number, version: 3 | 4): Uint8Array {
  const packet = new Uint8Array(48);
  packet[0] = (version << 3) | 3;
  timestamp(packet, 40, now);
  return packet;
}

export function ntpResponse(origin: number, received: number, version: 3 | 4, reference: Uint8Array): Uint8Array {
  const packet = new Uint8Array(48);
  packet[0] = (version << 3) | 4;
  packet[1] = 2; // stratum
  packet[2] = 3; // poll: 8 s
  packet[3] = 0xe9; // precision: 2^-23 s
  put32(packet, 4, 0x000005b0);
  put32(packet, 8, 0x00000a20);
  packet.set(reference, 12);
  timestamp(packet, 16, received - 300_000_000);
  timestamp(packet, 24, origin);
  timestamp(packet, 32, received);
  timestamp(packet, 40, received + 40);
  return packet;
}
