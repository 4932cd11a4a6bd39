import { hexText, wireText } from '../../text.ts';
import { readName } from './dns-name.ts';

/** What a DHCPv6 message (RFC 8415) tells about a device. */
export interface Dhcpv6Message {
  /** SOLICIT 1, ADVERTISE 2, REQUEST 3, RENEW 5, REPLY 7, INFORMATION-REQUEST 11, … */
  messageType: number;
  transactionId: number;
  /** DUID of the client, as hexadecimal. */
  clientId: string | null;
  /** Option 39. */
  hostName: string | null;
  /** Option 16, the first of its strings. */
  vendorClass: string | null;
  /** Option 6. */
  optionRequest: number[];
}

const HEADER = 4;
const RELAY_FORWARD = 12;

export function parseDhcpv6(bytes: Uint8Array, from: number, to: number): Dhcpv6Message | null {
  if (from + HEADER > to || bytes[from] === 0 || bytes[from] >= RELAY_FORWARD) return null;
  const message: Dhcpv6Message = {
    messageType: bytes[from],
    transactionId: (bytes[from + 1] << 16) | (bytes[from + 2] << 8) | bytes[from + 3],
    clientId: null,
    hostName: null,
    vendorClass: null,
    optionRequest: [],
  };
  for (let at = from + HEADER; at + 4 <= to; ) {
    const code = (bytes[at] << 8) | bytes[at + 1];
    const start = at + 4;
    const end = start + ((bytes[at + 2] << 8) | bytes[at + 3]);
    if (end > to) break;
    if (code === 1) message.clientId = hexText(bytes, start, end);
    else if (code === 6) message.optionRequest = words(bytes, start, end);
    else if (code === 16 && start + 6 <= end) {
      const length = (bytes[start + 4] << 8) | bytes[start + 5];
      message.vendorClass = wireText(bytes, start + 6, Math.min(end, start + 6 + length));
    } else if (code === 39 && start + 1 < end) message.hostName = partialName(bytes, start + 1, end);
    at = end;
  }
  return message;
}

/** A name here may lack the root label that ends it. */
function partialName(bytes: Uint8Array, start: number, end: number): string | null {
  const whole = readName(bytes, start, start, end);
  if (whole !== null) return whole.name;
  const padded = new Uint8Array(end - start + 1);
  padded.set(bytes.subarray(start, end));
  return readName(padded, 0, 0, padded.length)?.name ?? null;
}

function words(bytes: Uint8Array, start: number, end: number): number[] {
  const list: number[] = [];
  for (let at = start; at + 2 <= end; at += 2) list.push((bytes[at] << 8) | bytes[at + 1]);
  return list;
}
