import { wireText } from '../../text.ts';

/** A CoAP message (RFC 7252). */
export interface CoapMessage {
  /** GET 1, POST 2, PUT 3, DELETE 4 in a request, 30 where Shelly's CoIoT tells its state; class × 32 + detail in a response. */
  code: number;
  messageId: number;
  uriHost: string | null;
  uriPath: string;
  /** "SHPLG-S#3C2F01#2": type, identity and version of a device that speaks CoIoT. */
  coiotDevice: string | null;
}

const URI_HOST = 3;
const URI_PATH = 11;
/** Shelly's own option. */
const COIOT_DEVICE = 3332;
const PAYLOAD_MARKER = 0xff;

/** Null where the version, the token, the class of the code or an option is wrong. */
export function parseCoap(bytes: Uint8Array, from: number, to: number): CoapMessage | null {
  if (from + 4 > to || bytes[from] >>> 6 !== 1) return null;
  const tokenLength = bytes[from] & 0x0f;
  const code = bytes[from + 1];
  const codeClass = code >>> 5;
  if (tokenLength > 8 || codeClass === 1 || codeClass === 3 || codeClass > 5) return null;
  const message: CoapMessage = {
    code,
    messageId: (bytes[from + 2] << 8) | bytes[from + 3],
    uriHost: null,
    uriPath: '',
    coiotDevice: null,
  };
  let number = 0;
  let at = from + 4 + tokenLength;
  while (at < to && bytes[at] !== PAYLOAD_MARKER) {
    const delta = bytes[at] >>> 4;
    const length = bytes[at] & 0x0f;
    if (delta === 15 || length === 15) return null;
    at++;
    const deltaBytes = extension(delta);
    number += extended(bytes, at, delta);
    at += deltaBytes;
    const size = extended(bytes, at, length);
    at += extension(length);
    if (at + size > to) return null;
    if (number === URI_HOST) message.uriHost = wireText(bytes, at, at + size);
    if (number === URI_PATH) message.uriPath += `/${wireText(bytes, at, at + size)}`;
    if (number === COIOT_DEVICE) message.coiotDevice = wireText(bytes, at, at + size);
    at += size;
  }
  return at > to ? null : message;
}

/** Extra bytes of a nibble: 13 takes one, 14 two. */
function extension(nibble: number): number {
  return nibble < 13 ? 0 : nibble - 12;
}

function extended(bytes: Uint8Array, at: number, nibble: number): number {
  if (nibble < 13) return nibble;
  if (nibble === 13) return (bytes[at] ?? 0) + 13;
  return (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)) + 269;
}
