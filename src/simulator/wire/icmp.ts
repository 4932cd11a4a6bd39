/** ICMP (RFC 792): echo, and what a host answers to a closed UDP port. */
import type { Endpoint } from './address.ts';
import { checksum, put16 } from './bytes.ts';
import { ETHERNET_BYTES, ipFrame, Protocol, payloadOffset } from './ip.ts';

function icmpFrame(from: Endpoint, to: Endpoint, type: number, code: number, rest: Uint8Array): Uint8Array {
  const frame = ipFrame(from, to, Protocol.ICMP, 4 + rest.length);
  const at = payloadOffset(from);
  frame[at] = type;
  frame[at + 1] = code;
  frame.set(rest, at + 4);
  put16(frame, at + 2, checksum(frame, at, at + 4 + rest.length));
  return frame;
}

export function echoFrame(
  from: Endpoint,
  to: Endpoint,
  reply: boolean,
  identifier: number,
  sequence: number,
  payload: Uint8Array,
): Uint8Array {
  const rest = new Uint8Array(4 + payload.length);
  put16(rest, 0, identifier);
  put16(rest, 2, sequence);
  rest.set(payload, 4);
  return icmpFrame(from, to, reply ? 0 : 8, 0, rest);
}

/** Port unreachable, quoting the header and the first 8 bytes of the refused frame. */
export function portUnreachableFrame(from: Endpoint, to: Endpoint, refused: Uint8Array): Uint8Array {
  const quoted = refused.subarray(ETHERNET_BYTES, ETHERNET_BYTES + 28);
  const rest = new Uint8Array(4 + quoted.length);
  rest.set(quoted, 4);
  return icmpFrame(from, to, 3, 3, rest);
}
