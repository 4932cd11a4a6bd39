/** Ethernet II with an IPv4 (RFC 791) or IPv6 (RFC 8200) header; the transport builders fill in the rest. */
import type { Endpoint } from './address.ts';
import { allocate, checksum, put16 } from './bytes.ts';

export const ETHERNET_BYTES = 14;
const ETHERNET_MINIMUM = 60;
export const Protocol = { ICMP: 1, IGMP: 2, TCP: 6, UDP: 17, ICMPV6: 58 } as const;

export interface IpOptions {
  ttl?: number;
  /** Router alert (RFC 2113 / RFC 2711), which IGMP and MLD carry. */
  routerAlert?: boolean;
  dontFragment?: boolean;
}

/** A frame with its Ethernet and IP headers written and `length` zeroed bytes behind them. */
export function ipFrame(
  from: Endpoint,
  to: Endpoint,
  protocol: number,
  length: number,
  options?: IpOptions,
): Uint8Array {
  const header = headerLength(from, options);
  const total = ETHERNET_BYTES + header + length;
  const frame = allocate(from.padded && total < ETHERNET_MINIMUM ? ETHERNET_MINIMUM : total);
  frame.set(to.mac, 0);
  frame.set(from.mac, 6);
  if (from.ip.length === 4) ipv4Header(frame, from, to, protocol, header + length, header, options);
  else ipv6Header(frame, from, to, protocol, header - 40 + length, options);
  return frame;
}

/** Where the bytes behind the IP header start in a frame of `ipFrame`. */
export function payloadOffset(from: Endpoint, options?: IpOptions): number {
  return ETHERNET_BYTES + headerLength(from, options);
}

function headerLength(from: Endpoint, options?: IpOptions): number {
  if (from.ip.length === 4) return options?.routerAlert ? 24 : 20;
  return options?.routerAlert ? 48 : 40;
}

function ipv4Header(
  frame: Uint8Array,
  from: Endpoint,
  to: Endpoint,
  protocol: number,
  total: number,
  header: number,
  options?: IpOptions,
): void {
  put16(frame, 12, 0x0800);
  frame[14] = 0x40 | (header >> 2);
  put16(frame, 16, total);
  put16(frame, 18, from.nextId());
  if (options?.dontFragment) frame[20] = 0x40;
  frame[22] = options?.ttl ?? from.ttl;
  frame[23] = protocol;
  frame.set(from.ip, 26);
  frame.set(to.ip, 30);
  if (options?.routerAlert) frame.set([0x94, 0x04, 0x00, 0x00], 34);
  put16(frame, 24, checksum(frame, 14, 14 + header));
}

function ipv6Header(
  frame: Uint8Array,
  from: Endpoint,
  to: Endpoint,
  protocol: number,
  payload: number,
  options?: IpOptions,
): void {
  put16(frame, 12, 0x86dd);
  frame[14] = 0x60;
  put16(frame, 18, payload);
  frame[20] = options?.routerAlert ? 0 : protocol;
  frame[21] = options?.ttl ?? from.ttl;
  frame.set(from.ip, 22);
  frame.set(to.ip, 38);
  if (options?.routerAlert) frame.set([protocol, 0, 0x05, 0x02, 0, 0, 0x01, 0x00], 54);
}

/** Transport checksum with the pseudo header of the frame's IP version, over `frame[offset, offset + length)`. */
export function transportChecksum(frame: Uint8Array, offset: number, length: number, protocol: number): number {
  const addresses = frame[12] === 0x08 ? 26 : 22;
  const end = frame[12] === 0x08 ? 34 : 54;
  let sum = protocol + length;
  for (let i = addresses; i < end; i += 2) sum += (frame[i]! << 8) | frame[i + 1]!;
  return checksum(frame, offset, offset + length, sum);
}

/** The IPv4 frame in fragments (RFC 791, 3.2) that carry so many bytes each, a multiple of eight. */
export function fragments(frame: Uint8Array, bytes: number): Uint8Array[] {
  const header = (frame[14]! & 15) * 4;
  const at = ETHERNET_BYTES + header;
  const end = ETHERNET_BYTES + ((frame[16]! << 8) | frame[17]!);
  const pieces: Uint8Array[] = [];
  for (let from = at; from < end; from += bytes) {
    const to = Math.min(end, from + bytes);
    const piece = allocate(at + to - from);
    piece.set(frame.subarray(0, at));
    piece.set(frame.subarray(from, to), at);
    put16(piece, 16, header + to - from);
    put16(piece, 20, (to < end ? 0x2000 : 0) | ((from - at) >> 3));
    put16(piece, 24, 0);
    put16(piece, 24, checksum(piece, ETHERNET_BYTES, at));
    pieces.push(piece);
  }
  return pieces;
}
