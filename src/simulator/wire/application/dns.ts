/** DNS messages (RFC 1035); also mDNS (RFC 6762) and LLMNR (RFC 4795), which share the format. */
import { ByteWriter } from '../bytes.ts';

export const RecordType = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  ANY: 255,
  HTTPS: 65,
} as const;
export const ResponseCode = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3 } as const;

export interface Question {
  name: string;
  type: number;
  /** mDNS: asks for a unicast answer. */
  unicast?: boolean;
}

export type Resource =
  | { name: string; ttl: number; flush?: boolean; type: 1 | 28; address: Uint8Array }
  | { name: string; ttl: number; flush?: boolean; type: 2 | 5 | 12; target: string }
  | { name: string; ttl: number; flush?: boolean; type: 16; texts: readonly string[] }
  | { name: string; ttl: number; flush?: boolean; type: 33; port: number; target: string }
  | { name: string; ttl: number; flush?: boolean; type: 6; server: string; mailbox: string };

export interface DnsMessage {
  id: number;
  flags: number;
  questions?: readonly Question[];
  answers?: readonly Resource[];
  authorities?: readonly Resource[];
  additionals?: readonly Resource[];
}

export const QUERY_FLAGS = 0x0100; // recursion desired
export const RESPONSE_FLAGS = 0x8180; // response, recursion desired and available
export const MDNS_RESPONSE_FLAGS = 0x8400; // response, authoritative

export function dnsMessage(message: DnsMessage): Uint8Array {
  const { questions = [], answers = [], authorities = [], additionals = [] } = message;
  const writer = new ByteWriter(512);
  const names = new Map<string, number>();
  writer.u16(message.id).u16(message.flags);
  writer.u16(questions.length).u16(answers.length).u16(authorities.length).u16(additionals.length);
  for (const { name, type, unicast } of questions) {
    domainName(writer, name, names);
    writer.u16(type).u16(unicast ? 0x8001 : 1);
  }
  for (const record of [...answers, ...authorities, ...additionals]) resource(writer, record, names);
  return writer.done();
}

function resource(writer: ByteWriter, record: Resource, names: Map<string, number>): void {
  domainName(writer, record.name, names);
  writer
    .u16(record.type)
    .u16(record.flush ? 0x8001 : 1)
    .u32(record.ttl);
  writer.prefixed(2, () => {
    switch (record.type) {
      case RecordType.A:
      case RecordType.AAAA:
        writer.bytes(record.address);
        break;
      case RecordType.TXT:
        for (const text of record.texts) writer.u8(text.length).ascii(text);
        break;
      case RecordType.SRV:
        writer.u16(0).u16(0).u16(record.port);
        domainName(writer, record.target, names);
        break;
      case RecordType.SOA:
        domainName(writer, record.server, names);
        domainName(writer, record.mailbox, names);
        writer.u32(2026010101).u32(1800).u32(900).u32(604800).u32(300);
        break;
      default:
        domainName(writer, record.target, names);
    }
  });
}

/** A name with compression: each suffix is written once and pointed to afterwards. */
function domainName(writer: ByteWriter, name: string, names: Map<string, number>): void {
  let rest = name;
  while (rest !== '') {
    const known = names.get(rest);
    if (known !== undefined) {
      writer.u16(0xc000 | known);
      return;
    }
    if (writer.length < 0x3fff) names.set(rest, writer.length);
    const dot = labelEnd(rest);
    const label = rest.slice(0, dot).replaceAll('\\.', '.');
    writer.u8(label.length).ascii(label);
    rest = rest.slice(dot + 1);
  }
  writer.u8(0);
}

/** The end of the first label; `\.` is a dot inside a label (mDNS instance names). */
function labelEnd(name: string): number {
  for (let i = 0; i < name.length; i++) {
    if (name[i] === '\\') i++;
    else if (name[i] === '.') return i;
  }
  return name.length;
}

/** A service as multicast DNS announces it. */
export interface MdnsService {
  /** Such as `_hue._tcp`. */
  type: string;
  /** The name that a person sees. */
  instance: string;
  port: number;
  texts: readonly string[];
}
