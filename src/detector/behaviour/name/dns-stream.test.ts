import { expect, test } from 'vitest';
import { Host } from '../../../feature/host.ts';
import { Channel, Link } from '../../../feature/link.ts';
import type { Step } from '../../../feature/link-tracker.ts';
import { Packet, PROTO_TCP, PROTO_UDP } from '../../../packet/packet.ts';
import { dnsMessage, QUERY_FLAGS, RecordType } from '../../../simulator/wire/application/dns.ts';
import { DnsStream } from './dns-stream.ts';

const query = (name: string): Uint8Array =>
  dnsMessage({ id: 7, flags: QUERY_FLAGS, questions: [{ name, type: RecordType.TXT }] });

function framed(name: string): Uint8Array {
  const message = query(name);
  return Uint8Array.from([message.length >> 8, message.length & 255, ...message]);
}

const link = (proto: number): Link =>
  new Link(new Channel(new Host(1, '192.168.1.2', 'local'), new Host(2, '9.9.9.9', 'external'), proto, 53), 4000, 0);

function reader(proto: number) {
  const stream = new DnsStream();
  const step = { link: link(proto), direction: 0 } as Step;
  return (bytes: Uint8Array, tcpSeq = 0, captured = bytes.length): string[] => {
    const packet = new Packet();
    Object.assign(packet, { bytes, proto, tcpSeq, payloadLength: bytes.length, payloadCaptured: captured });
    return stream.read(packet, step).map(({ questions }) => questions[0].name);
  };
}

test('a datagram is a message', () => {
  expect(reader(PROTO_UDP)(query('a.example.com'))).toEqual(['a.example.com']);
});

test('a stream is cut as its sender likes', () => {
  const bytes = Uint8Array.from([...framed('a.example.com'), ...framed('b.example.com')]);
  for (const size of [1, 2, 3, 7, 20, 40, bytes.length]) {
    const read = reader(PROTO_TCP);
    const names: string[] = [];
    // Sequence numbers go past 2^31 on their way.
    for (let at = 0; at < bytes.length; at += size)
      names.push(...read(bytes.subarray(at, at + size), (0x7fff_fff0 + at) | 0));
    expect(names, `in pieces of ${size}`).toEqual(['a.example.com', 'b.example.com']);
  }
});

test('what comes again is read once', () => {
  const read = reader(PROTO_TCP);
  const bytes = framed('a.example.com');
  expect([read(bytes, 100), read(bytes, 100)]).toEqual([['a.example.com'], []]);
});

test('after a gap, and where the capture cuts, the next message is read', () => {
  const read = reader(PROTO_TCP);
  const bytes = framed('a.example.com');
  read(bytes.subarray(0, 9), 100);
  expect(read(framed('b.example.com'), 5_000)).toEqual(['b.example.com']);
  const cut = reader(PROTO_TCP);
  const long = Uint8Array.from([0x20, 0x00, ...query('c.example.com'), ...new Uint8Array(900)]);
  expect(cut(long, 0, 60)).toEqual(['c.example.com']);
});
