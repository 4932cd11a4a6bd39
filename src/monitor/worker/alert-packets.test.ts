/** What is kept of the packets around an alert, and what is not. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { homeFrames } from '../../../test/capture/home-frames.ts';
import type { TestFrame } from '../../../test/capture/write-capture.ts';
import type { Alert } from '../../alert/alert.ts';
import { formatIpv4 } from '../../packet/address.ts';
import { decodePacket } from '../../packet/decode.ts';
import { Packet } from '../../packet/packet.ts';
import { readCapture } from '../../source/capture/read-capture.ts';
import { AlertPackets } from './alert-packets.ts';
import { PacketRing } from './packet-ring.ts';

let folder: string;
const troubles: unknown[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'guardian-packets-'));
  troubles.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const frames = homeFrames(3_000);
const packet = new Packet();
function show({ bytes, ts }: TestFrame): Packet {
  packet.bytes = bytes as Uint8Array<ArrayBuffer>;
  packet.view = new DataView(packet.bytes.buffer, bytes.byteOffset, bytes.byteLength);
  Object.assign(packet, { offset: 0, end: bytes.length, origlen: bytes.length, ts: ts / 1e6, linktype: 1 });
  return packet;
}
/** IPv4 ends of a frame. */
function endsOf(one: Packet): string[] {
  decodePacket(one, true);
  return one.ipVersion === 4 ? [formatIpv4(one.src0), formatIpv4(one.dst0)] : [];
}

function createPackets(bytes = 1e9): AlertPackets {
  const directory = path.join(folder, 'packets');
  return new AlertPackets({ directory, bytes, afterMs: 60_000, onTrouble: (error) => troubles.push(error) });
}
const alertOf = (id: string, hosts: string[]): Alert => ({ id, hosts, address: hosts[0] }) as Alert;

test('every packet from or to the hosts of an alert is in its file, before and after it, and no other', async () => {
  const packets = createPackets();
  const byHost = Map.groupBy(
    frames.flatMap((frame) => endsOf(show(frame))),
    (address) => address,
  );
  const [host] = [...byHost].reduce((most, one) => (one[1].length > most[1].length ? one : most));
  const expected = frames.filter((frame) => endsOf(show(frame)).includes(host));
  for (const [i, frame] of frames.entries()) {
    packets.packet(show(frame));
    if (i === 1_500) packets.alert(alertOf('a1', [host]));
  }
  await packets.stop();
  const file = path.join(folder, 'packets', 'a1.pcap');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const found: { ts: number; size: number }[] = [];
  await readCapture(file, (one) => {
    found.push({ ts: Math.round(one.ts * 1e6), size: one.end - one.offset });
    expect(endsOf(one)).toContain(host);
  });
  expect(found.length).toBeGreaterThan(20);
  expect(found.map(({ size }) => size)).toEqual(expected.map(({ bytes }) => bytes.length));
  for (const [i, { ts }] of found.entries()) expect(Math.abs(ts - expected[i].ts)).toBeLessThanOrEqual(1);
  expect(troubles).toEqual([]);
});

test('the folder is bounded: the oldest files go', async () => {
  const packets = createPackets(100_000);
  for (const frame of frames.slice(0, 400)) packets.packet(show(frame));
  const everybody = [...new Set(frames.slice(0, 400).flatMap((frame) => endsOf(show(frame))))];
  for (let i = 0; i < 8; i++) {
    packets.alert(alertOf(`a${i}`, everybody));
    await packets.stop();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const names = readdirSync(path.join(folder, 'packets'));
  const total = names.reduce((sum, name) => sum + statSync(path.join(folder, 'packets', name)).size, 0);
  expect(total).toBeLessThanOrEqual(100_000);
  expect(names).toContain('a7.pcap');
  expect(names).not.toContain('a0.pcap');
});

test('memory is bounded: the newest frames stay, and what is forgotten is gone', () => {
  const ring = new PacketRing(64 * 1024);
  for (const frame of frames) ring.add(show(frame));
  const kept: number[] = [];
  ring.extract((frame) => kept.push(frame.length) > 0);
  expect(kept).toEqual(frames.slice(-kept.length).map(({ bytes }) => bytes.length));
  expect(kept.reduce((sum, size) => sum + size + 16, 0)).toBeGreaterThan(28 * 1024);
  expect(kept.reduce((sum, size) => sum + size + 16, 0)).toBeLessThanOrEqual(64 * 1024);
  ring.clear();
  expect(ring.extract(() => true)).toHaveLength(24);
});
