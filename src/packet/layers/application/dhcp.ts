import { formatIpv4, formatMac } from '../../address.ts';
import { hexText, wireText } from '../../text.ts';

/** What a DHCP message (RFC 2131, 2132) tells about a device. */
export interface DhcpMessage {
  isRequest: boolean;
  /** DISCOVER 1, OFFER 2, REQUEST 3, DECLINE 4, ACK 5, NAK 6, RELEASE 7, INFORM 8; 0 for BOOTP. */
  messageType: number;
  transactionId: number;
  /** Hardware address of the client, null where it is none of Ethernet. */
  clientMac: string | null;
  /** Address that the client has, and the one that the server gives; null where unset. */
  clientAddress: string | null;
  yourAddress: string | null;
  requestedAddress: string | null;
  serverId: string | null;
  /** Option 12, or the name of option 81. */
  hostName: string | null;
  /** Option 60. */
  vendorClass: string | null;
  /** Option 61, as hexadecimal. */
  clientId: string | null;
  /** Option 55: the order in which a client asks for options is a fingerprint of its software. */
  parameterRequestList: number[];
  leaseSeconds: number | null;
  routers: string[];
  nameServers: string[];
}

const FIXED = 236;
const COOKIE = 0x63825363;

/** Whether [from, to) is a DHCP or BOOTP message with the magic cookie of options. */
export function looksLikeDhcp(bytes: Uint8Array, from: number, to: number): boolean {
  return from + FIXED + 4 <= to && (bytes[from] === 1 || bytes[from] === 2) && word(bytes, from + FIXED) === COOKIE;
}

export const dhcpTransaction = (bytes: Uint8Array, from: number): number => word(bytes, from + 4) >>> 0;

export function parseDhcp(bytes: Uint8Array, from: number, to: number): DhcpMessage | null {
  if (!looksLikeDhcp(bytes, from, to)) return null;
  const isEthernet = bytes[from + 1] === 1 && bytes[from + 2] === 6;
  const message: DhcpMessage = {
    isRequest: bytes[from] === 1,
    messageType: 0,
    transactionId: dhcpTransaction(bytes, from),
    clientMac: isEthernet ? formatMac(bytes, from + 28) : null,
    clientAddress: address(bytes, from + 12),
    yourAddress: address(bytes, from + 16),
    requestedAddress: null,
    serverId: null,
    hostName: null,
    vendorClass: null,
    clientId: null,
    parameterRequestList: [],
    leaseSeconds: null,
    routers: [],
    nameServers: [],
  };
  let at = from + FIXED + 4;
  while (at < to) {
    const code = bytes[at];
    if (code === 255) break;
    if (code === 0) {
      at++;
      continue;
    }
    if (at + 2 > to) break;
    const start = at + 2;
    const end = start + bytes[at + 1];
    if (end > to) break;
    readOption(message, bytes, code, start, end);
    at = end;
  }
  return message;
}

function readOption(message: DhcpMessage, bytes: Uint8Array, code: number, start: number, end: number): void {
  const length = end - start;
  switch (code) {
    case 3:
      message.routers = addresses(bytes, start, end);
      return;
    case 6:
      message.nameServers = addresses(bytes, start, end);
      return;
    case 12:
      if (length > 0) message.hostName = trimNul(bytes, start, end);
      return;
    case 50:
      if (length === 4) message.requestedAddress = address(bytes, start);
      return;
    case 51:
      if (length === 4) message.leaseSeconds = word(bytes, start) >>> 0;
      return;
    case 53:
      if (length === 1) message.messageType = bytes[start];
      return;
    case 54:
      if (length === 4) message.serverId = address(bytes, start);
      return;
    case 55:
      message.parameterRequestList = [...bytes.subarray(start, end)];
      return;
    case 60:
      message.vendorClass = trimNul(bytes, start, end);
      return;
    case 61:
      message.clientId = hexText(bytes, start, end);
      return;
    case 81:
      // Flags and two return codes before the name; only the plain encoding is read.
      if (length > 3 && (bytes[start] & 0x04) === 0 && message.hostName === null) {
        message.hostName = trimNul(bytes, start + 3, end);
      }
      return;
  }
}

function trimNul(bytes: Uint8Array, start: number, end: number): string {
  let last = end;
  while (last > start && bytes[last - 1] === 0) last--;
  return wireText(bytes, start, last);
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}

function address(bytes: Uint8Array, at: number): string | null {
  const value = word(bytes, at);
  return value === 0 ? null : formatIpv4(value);
}

function addresses(bytes: Uint8Array, start: number, end: number): string[] {
  const list: string[] = [];
  for (let at = start; at + 4 <= end; at += 4) list.push(formatIpv4(word(bytes, at)));
  return list;
}
