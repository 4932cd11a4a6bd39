import { expect, test } from 'vitest';
import { Host } from '../../../feature/host.ts';
import { Channel, Link } from '../../../feature/link.ts';
import type { Step } from '../../../feature/link-tracker.ts';
import { Packet, PROTO_TCP } from '../../../packet/packet.ts';
import type { Finding } from '../../finding.ts';
import { Voices } from './voices.ts';

const CAMERA = [0xb0, 0xc5, 0x54, 0, 0, 1];
const LAPTOP = [0xa4, 0xc3, 0xf0, 0, 0, 2];
const REPEATER = [0x50, 0xc7, 0xbf, 0, 0, 3];
const nameOf = (mac: number[]): string => mac.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
const camera = new Host(1, '192.168.1.20', 'local');
const laptop = new Host(2, '192.168.1.30', 'local');
const outside = new Host(3, '203.0.113.9', 'external');

/** The host's connections, from that link-layer address. */
function speak(voices: Voices, host: Host, mac: number[], ts: number, times: number, learning = false): void {
  const packet = new Packet();
  Object.assign(packet, { bytes: Uint8Array.from(mac), srcMac: 0, ts, proto: PROTO_TCP });
  const link = new Link(new Channel(host, outside, PROTO_TCP, 23), 4000, ts);
  for (let i = 0; i < times; i++) voices.packet(packet, { link, direction: 0, opened: true } as Step, { learning });
}

const scan = (ts: number, host = camera): Finding => ({
  ...{ kind: 'scan', detector: 'scan', host, target: null, ts, since: ts - 60, strength: 1 },
  evidence: { addresses: 20, ports: 1, seconds: 60, proto: 'tcp' },
});

function learned(): Voices {
  const voices = new Voices();
  speak(voices, camera, CAMERA, 1000, 5, true);
  speak(voices, laptop, LAPTOP, 1000, 5, true);
  return voices;
}

test('whoever speaks as another is accused, by its own address and link-layer address', () => {
  const voices = learned();
  speak(voices, camera, CAMERA, 1900, 3);
  speak(voices, camera, LAPTOP, 1990, 50);
  const { host, voice } = voices.accuse(scan(2000));
  expect([host.address, host.mac]).toEqual([laptop.address, nameOf(LAPTOP)]);
  expect(voice).toEqual({
    ...{ address: camera.address, mac: nameOf(LAPTOP), owner: nameOf(CAMERA), isAccused: true },
  });
});

test('after a restart too, before the owner has spoken', () => {
  const voices = new Voices();
  voices.load(JSON.parse(JSON.stringify(learned().save())));
  speak(voices, camera, LAPTOP, 1990, 50);
  expect(voices.accuse(scan(2000))).toMatchObject({ host: { mac: nameOf(LAPTOP) }, voice: { isAccused: true } });
});

test('where the owner does most of it, both are named and it stays accused', () => {
  const voices = learned();
  speak(voices, camera, CAMERA, 1980, 50);
  speak(voices, camera, LAPTOP, 1990, 2);
  const found = voices.accuse(scan(2000));
  expect(found.host).toBe(camera);
  expect(found.voice).toMatchObject({ mac: nameOf(LAPTOP), isAccused: false });
});

test('a new owner of the address, a repeater and one voice alone are nobody else', () => {
  const moved = learned();
  speak(moved, camera, LAPTOP, 9000, 50);
  expect(moved.accuse(scan(9010)).voice).toBeUndefined();
  const repeated = learned();
  for (const last of [40, 41, 20]) {
    const host = last === 20 ? camera : new Host(last, `192.168.1.${last}`, 'local');
    speak(repeated, host, REPEATER, 1990, 50);
  }
  expect(repeated.accuse(scan(2000)).voice).toBeUndefined();
  expect(learned().accuse(scan(1010)).voice).toBeUndefined();
});
