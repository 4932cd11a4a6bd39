import { describe, expect, it } from 'vitest';
import { Host } from '../../../feature/host.ts';
import { Channel, Link } from '../../../feature/link.ts';
import type { Step } from '../../../feature/link-tracker.ts';
import { Packet, PROTO_TCP, PROTO_UDP } from '../../../packet/packet.ts';
import { DnsNames } from './dns-names.ts';

const camera = new Host(1, '192.168.1.5', 'local');
const router = new Host(2, '192.168.1.1', 'local');
const cloud = new Host(3, '198.51.100.7', 'external');
const stranger = new Host(4, '203.0.113.9', 'external');

const label = (text: string): number[] => [text.length, ...Buffer.from(text)];
/** An answer: cloud.example is 198.51.100.7. */
const ANSWER = Uint8Array.from([
  ...[0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0],
  ...[...label('cloud'), ...label('example'), 0, 0, 1, 0, 1],
  ...[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 198, 51, 100, 7],
]);

function packetOf(bytes: Uint8Array<ArrayBuffer>, ts: number): Packet {
  const packet = new Packet();
  packet.bytes = bytes;
  packet.payloadOffset = 0;
  packet.payloadCaptured = packet.payloadLength = bytes.length;
  packet.ts = ts;
  return packet;
}

const call = (resp: Host, start: number): Link => new Link(new Channel(camera, resp, PROTO_TCP, 443), 40_000, start);

function lookUp(names: DnsNames, ts: number): void {
  const link = new Link(new Channel(camera, router, PROTO_UDP, 53), 40_001, ts);
  names.packet(packetOf(ANSWER, ts), { link, direction: 1 } as Step, { learning: false });
}

describe('name book', () => {
  it('says nothing of a device whose look-ups it does not see', () => {
    expect(new DnsNames().of(call(stranger, 5000))).toBe('unknown');
  });

  it('knows what was looked up, and after some minutes what was not', () => {
    const names = new DnsNames();
    lookUp(names, 1000);
    expect(names.of(call(cloud, 1001))).toBe('named');
    expect(names.of(call(stranger, 1001))).toBe('unknown');
    expect(names.of(call(stranger, 1601))).toBe('bare');
  });

  it('remembers over a restart', () => {
    const names = new DnsNames();
    lookUp(names, 1000);
    const restarted = new DnsNames();
    restarted.load(JSON.parse(JSON.stringify(names.save())));
    expect(restarted.of(call(cloud, 1601))).toBe('named');
    expect(restarted.of(call(stranger, 1601))).toBe('bare');
  });

  it('does not call bare what is greeted by name', () => {
    const names = new DnsNames();
    lookUp(names, 1000);
    const extension = [0, 0, 0, 8, 0, 6, 0, 0, 3, ...Buffer.from('a.b')];
    const hello = [3, 3, ...Array(32).fill(0), 0, 0, 2, 0x13, 1, 1, 0, 0, extension.length, ...extension];
    const message = [1, 0, 0, hello.length, ...hello];
    const link = call(stranger, 2000);
    const packet = packetOf(Uint8Array.from([22, 3, 1, 0, message.length, ...message]), 2000);
    link.bytes[0] = packet.payloadLength;
    names.packet(packet, { link, direction: 0 } as Step, { learning: false });
    expect(names.of(call(stranger, 2060))).toBe('unknown');
  });
});
