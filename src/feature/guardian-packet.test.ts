import { beforeAll, describe, expect, it } from 'vitest';
import { type Frame, play } from '../evaluation/traffic.ts';
import { simulate } from '../simulator/simulate.ts';
import { guardianPacketFeatures, PACKET_FEATURES, packetContext, packetFeatures } from './guardian-packet.ts';
import { LinkTracker } from './link-tracker.ts';

function vectors(frames: readonly Frame[]): { vector: number[]; context: number }[] {
  const tracker = new LinkTracker();
  const out: { vector: number[]; context: number }[] = [];
  play(frames, (packet) => {
    const step = tracker.update(packet);
    if (step === null) return;
    const vector = new Float32Array(PACKET_FEATURES);
    packetFeatures(packet, step, vector);
    out.push({ vector: [...vector], context: packetContext(packet, step) });
  });
  return out;
}

/** Other addresses throughout: the last byte of every IPv4 address turned around within the network. */
function renumber(frame: Frame): Frame {
  const bytes = Uint8Array.from(frame.bytes);
  if (((bytes[12] << 8) | bytes[13]) === 0x0800) {
    for (const at of [29, 33]) if (bytes[at] > 0 && bytes[at] < 255) bytes[at] = 255 - bytes[at];
  }
  return { ...frame, bytes };
}

describe('guardian-packet', () => {
  let frames: Frame[];

  beforeAll(() => {
    frames = [];
    for (const { ts, data } of simulate({ devices: ['camera', 'plug', 'hub'], hours: 0.2, seed: 8 })) {
      const isIpv4 = ((data[12] << 8) | data[13]) === 0x0800;
      if (isIpv4) frames.push({ ts: ts / 1e6, bytes: Uint8Array.from(data), origlen: data.length, linktype: 1 });
    }
  });

  it('fills every feature with a finite number', () => {
    const all = vectors(frames);
    expect(all.length).toBeGreaterThan(500);
    for (const { vector } of all) for (const value of vector) expect(Number.isFinite(value)).toBe(true);
  });

  it('has a name, a unit and a meaning for each, and no name twice', () => {
    const { features } = guardianPacketFeatures;
    expect(new Set(features.map(({ name }) => name)).size).toBe(PACKET_FEATURES);
    for (const { unit, meaning } of features) expect(unit.length * meaning.length).toBeGreaterThan(0);
  });

  it('takes no address as a quantity: renumbered hosts have the same vectors', () => {
    expect(vectors(frames.map(renumber))).toEqual(vectors(frames));
  });
});
