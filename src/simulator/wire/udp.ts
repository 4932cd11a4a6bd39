/** UDP (RFC 768). */
import type { Endpoint } from './address.ts';
import { put16 } from './bytes.ts';
import { type IpOptions, ipFrame, Protocol, payloadOffset, transportChecksum } from './ip.ts';

export function udpFrame(
  from: Endpoint,
  fromPort: number,
  to: Endpoint,
  toPort: number,
  payload: Uint8Array,
  options?: IpOptions,
): Uint8Array {
  const length = 8 + payload.length;
  const frame = ipFrame(from, to, Protocol.UDP, length, options);
  const at = payloadOffset(from, options);
  put16(frame, at, fromPort);
  put16(frame, at + 2, toPort);
  put16(frame, at + 4, length);
  frame.set(payload, at + 8);
  // Zero means "no checksum": RFC 768 sends all ones instead.
  put16(frame, at + 6, transportChecksum(frame, at, length, Protocol.UDP) || 0xffff);
  return frame;
}
