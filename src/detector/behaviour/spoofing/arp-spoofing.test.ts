import { describe, expect, it } from 'vitest';
import { LinkTracker } from '../../../feature/link-tracker.ts';
import { decodePacket } from '../../../packet/decode.ts';
import { Packet } from '../../../packet/packet.ts';
import { Activity } from '../../activity.ts';
import type { Finding } from '../../finding.ts';
import { createArpSpoofing } from './arp-spoofing.ts';

/** That 192.168.1.1 is at the link-layer address that ends so. */
function claim(end: number, ts: number): Packet {
  const mac = [2, 0, 0, 0, 0, end];
  const bytes = Uint8Array.from([
    ...[255, 255, 255, 255, 255, 255, ...mac, 8, 6],
    ...[0, 1, 8, 0, 6, 4, 0, 2, ...mac, 192, 168, 1, 1, 0, 0, 0, 0, 0, 0, 192, 168, 1, 9],
  ]);
  const packet = new Packet();
  Object.assign(packet, { bytes, view: new DataView(bytes.buffer), offset: 0, end: bytes.length });
  Object.assign(packet, { origlen: bytes.length, ts, linktype: 1 });
  decodePacket(packet, false);
  return packet;
}

function findings(claims: readonly [end: number, ts: number][]): Finding[] {
  const found: Finding[] = [];
  const activity = new Activity([createArpSpoofing()], new LinkTracker().hosts, (finding) => found.push(finding));
  for (const [end, ts] of claims) activity.frame(claim(end, ts));
  return found;
}

describe('claims of an address', () => {
  const quarrel: [number, number][] = [
    ...([1, 2, 3] as const).map((i): [number, number] => [1, 100 + i * 10]),
    ...([1, 2, 3] as const).flatMap((i): [number, number][] => [
      [2, 140 + i * 10],
      [1, 145 + i * 10],
    ]),
  ];

  it('are spoofing while their owner still speaks, also when two frames have changed places', () => {
    expect(findings(quarrel).length).toBeGreaterThan(0);
    expect(findings(quarrel.toSpliced(5, 0, [1, 149.5])).length).toBeGreaterThan(0);
  });

  it('are nothing beside those of a later capture that was read before', () => {
    const later = quarrel.filter(([end]) => end === 1).map(([end, ts]): [number, number] => [end, ts + 5000]);
    const earlier = quarrel.filter(([end]) => end === 2);
    expect(findings([...later, ...earlier])).toEqual([]);
  });
});
