import { formatIpv4, formatIpv6 } from '../../address.ts';
import { wireText } from '../../text.ts';
import { readName, skipName } from './dns-name.ts';

/** DNS (RFC 1035), and with the same messages mDNS (RFC 6762), LLMNR (RFC 4795) and NetBIOS names (RFC 1002). */
export interface DnsMessage {
  id: number;
  isResponse: boolean;
  opcode: number;
  rcode: number;
  authoritative: boolean;
  truncated: boolean;
  recursionDesired: boolean;
  recursionAvailable: boolean;
  questions: DnsQuestion[];
  /** Answers, then authority and additional records; what is cut or not understood is left out. */
  answers: DnsRecord[];
  others: DnsRecord[];
}

export interface DnsQuestion {
  name: string;
  type: number;
  class: number;
}

export interface DnsRecord extends DnsQuestion {
  ttl: number;
  /** Addresses, names and texts as text; other types as `type N, M bytes`. */
  data: string;
}

export const DNS_PORT = 53;

const HEADER = 12;
const MAXIMUM_QUESTIONS = 16;
const MAXIMUM_RECORDS = 64;
const OPT = 41;

/**
 * Whether [from, to) is a DNS message, at the cost of one look: a known opcode, plausible counts, and questions that
 * are whole. `strict` asks for one question of a common class and type, for ports where no DNS is expected.
 */
export function looksLikeDns(bytes: Uint8Array, from: number, to: number, strict: boolean): boolean {
  if (from + HEADER > to) return false;
  const opcode = (bytes[from + 2] >>> 3) & 0x0f;
  const questions = (bytes[from + 4] << 8) | bytes[from + 5];
  const answers = (bytes[from + 6] << 8) | bytes[from + 7];
  if (questions > MAXIMUM_QUESTIONS || answers > 512) return false;
  if (strict && (questions !== 1 || opcode !== 0 || (bytes[from + 3] & 0x40) !== 0)) return false;
  let at = from + HEADER;
  for (let i = 0; i < questions; i++) {
    at = skipName(bytes, at, to);
    if (at < 0 || at + 4 > to) return false;
    if (strict && !isCommonQuestion(bytes, at)) return false;
    at += 4;
  }
  return !strict || at === to || answers + (bytes[from + 9] | bytes[from + 11]) > 0;
}

function isCommonQuestion(bytes: Uint8Array, at: number): boolean {
  const type = (bytes[at] << 8) | bytes[at + 1];
  return bytes[at + 2] === 0 && bytes[at + 3] === 1 && ((type > 0 && type < 70) || (type >= 249 && type <= 257));
}

/** Reads [from, to) as a message; null where header or questions are no DNS. Records are read as far as they go. */
export function parseDns(bytes: Uint8Array, from: number, to: number): DnsMessage | null {
  if (!looksLikeDns(bytes, from, to, false)) return null;
  const word = (at: number) => (bytes[from + at] << 8) | bytes[from + at + 1];
  const flags = word(2);
  const message: DnsMessage = {
    id: word(0),
    isResponse: (flags & 0x8000) !== 0,
    opcode: (flags >>> 11) & 0x0f,
    rcode: flags & 0x0f,
    authoritative: (flags & 0x0400) !== 0,
    truncated: (flags & 0x0200) !== 0,
    recursionDesired: (flags & 0x0100) !== 0,
    recursionAvailable: (flags & 0x0080) !== 0,
    questions: [],
    answers: [],
    others: [],
  };
  let at = from + HEADER;
  for (let i = word(4); i > 0; i--) {
    const read = readName(bytes, from, at, to);
    if (read === null || read.next + 4 > to) return null;
    const { name, next } = read;
    // The top bit of the class asks for a unicast answer in mDNS.
    const dnsClass = ((bytes[next + 2] & 0x7f) << 8) | bytes[next + 3];
    message.questions.push({ name, type: (bytes[next] << 8) | bytes[next + 1], class: dnsClass });
    at = next + 4;
  }
  at = readRecords(bytes, from, at, to, word(6), message.answers);
  if (at >= 0) readRecords(bytes, from, at, to, word(8) + word(10), message.others);
  return message;
}

/** Offset behind the records, or -1 where they could not be followed. */
function readRecords(
  bytes: Uint8Array,
  message: number,
  start: number,
  to: number,
  count: number,
  records: DnsRecord[],
): number {
  let at = start;
  for (let i = 0; i < count; i++) {
    const read = records.length < MAXIMUM_RECORDS ? readName(bytes, message, at, to) : null;
    const next = read === null ? skipName(bytes, at, to) : read.next;
    if (next < 0 || next + 10 > to) return -1;
    const type = (bytes[next] << 8) | bytes[next + 1];
    const length = (bytes[next + 8] << 8) | bytes[next + 9];
    const data = next + 10;
    if (data + length > to) return -1;
    if (read !== null && type !== OPT) {
      const dnsClass = ((bytes[next + 2] & 0x7f) << 8) | bytes[next + 3];
      const ttl = ((bytes[next + 4] << 24) | (bytes[next + 5] << 16) | (bytes[next + 6] << 8) | bytes[next + 7]) >>> 0;
      const text = dataText(bytes, message, type, data, data + length);
      records.push({ name: read.name, type, class: dnsClass, ttl, data: text });
    }
    at = data + length;
  }
  return at;
}

function dataText(bytes: Uint8Array, message: number, type: number, from: number, to: number): string {
  const word = (at: number) => (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  const nameAt = (at: number) => readName(bytes, message, at, to)?.name;
  switch (type) {
    case 1:
      if (to - from === 4) return formatIpv4(word(from));
      break;
    case 28:
      if (to - from === 16) return formatIpv6(word(from), word(from + 4), word(from + 8), word(from + 12));
      break;
    case 2: // NS
    case 5: // CNAME
    case 12: // PTR
      return nameAt(from) ?? unreadable(type, to - from);
    case 15: // MX: preference
      return nameAt(from + 2) ?? unreadable(type, to - from);
    case 33: // SRV: priority, weight, port
      return nameAt(from + 6) ?? unreadable(type, to - from);
    case 16:
      return textStrings(bytes, from, to);
  }
  return unreadable(type, to - from);
}

/** The character strings of a TXT record, separated by spaces. */
function textStrings(bytes: Uint8Array, from: number, to: number): string {
  const parts: string[] = [];
  for (let at = from; at < to; ) {
    const end = Math.min(to, at + 1 + bytes[at]);
    parts.push(wireText(bytes, at + 1, end));
    at = end;
  }
  return parts.join(' ');
}

const unreadable = (type: number, length: number): string => `type ${type}, ${length} bytes`;

const typeNames: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  32: 'NB',
  33: 'SRV',
  35: 'NAPTR',
  41: 'OPT',
  43: 'DS',
  46: 'RRSIG',
  47: 'NSEC',
  48: 'DNSKEY',
  64: 'SVCB',
  65: 'HTTPS',
  99: 'SPF',
  252: 'AXFR',
  255: 'ANY',
  257: 'CAA',
};

export const dnsTypeName = (type: number): string => typeNames[type] ?? `query-${type}`;

const rcodeNames = [
  ...['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'],
  ...['YXDOMAIN', 'YXRRSET', 'NXRRSET', 'NOTAUTH', 'NOTZONE'],
];

export const dnsRcodeName = (rcode: number): string => rcodeNames[rcode] ?? `rcode-${rcode}`;
