/** Random traffic through the long way and the fast path, under all kinds of options: the same records, the same devices. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defaultTimeouts } from '../../src/flow/table/timeouts.ts';
import { Flag, tcpFrame } from '../../src/simulator/wire/tcp.ts';
import { udpFrame } from '../../src/simulator/wire/udp.ts';
import { Endpoint4 } from '../capture/tcp-script.ts';
import { writeCapture } from '../capture/write-capture.ts';
import { randomTraffic } from './random-traffic.ts';
import { runCapture } from './target.ts';

const seconds = fc.constantFrom(0.5, 1, 2, 7.3, 100, 700, 5000);
const timeouts = fc.record(Object.fromEntries(Object.keys(defaultTimeouts).map((name) => [name, seconds])), {
  requiredKeys: [],
});
const table = fc.record({
  timeouts: fc.oneof(fc.constant({}), timeouts),
  ignoreChecksums: fc.constantFrom<(boolean | 'auto')[]>(true, false, 'auto'),
  services: fc.boolean(),
  maxConnections: fc.constantFrom(1, 2, 3, 8, 64, 1000, 16_384),
  hashSeed: fc.integer(),
});
const inventory = fc.record({
  maxDevices: fc.constantFrom(2, 5, 100),
  offlineAfterSeconds: fc.constantFrom(5, 60, 900),
});
const count = fc.constantFrom(30, 200, 800, 3000);
/** The same every time, so that a run that fails can be repeated; others by FUZZ_SEED and FUZZ_RUNS. */
const { FUZZ_SEED = '1', FUZZ_RUNS = '300' } = process.env;

it('both ways say the same of random traffic', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), count, table, inventory, async (seed, frames, options, limits) => {
      const { bytes } = writeCapture(randomTraffic(seed, frames));
      const found = await runCapture(bytes, bytes.length, options.services, { table: options, inventory: limits });
      expect(typeof found).not.toBe('string');
    }),
    { seed: Number(FUZZ_SEED), numRuns: Number(FUZZ_RUNS), endOnFailure: true },
  );
});

const device = new Endpoint4('192.168.1.20', 5000);
const router = new Endpoint4('192.168.1.1', 80);
const [EMPTY, DATA] = [new Uint8Array(0), new Uint8Array(100)];
const segment = (from: Endpoint4, to: Endpoint4, flags: number, seq: number, ack = 0, payload = EMPTY): Uint8Array =>
  tcpFrame({ from, fromPort: from.port, to, toPort: to.port, seq, ack, flags, window: 100 }, payload).slice();
const datagram = (from: Endpoint4, to: Endpoint4, ttl = 64): Uint8Array =>
  udpFrame({ ...from, ttl, ip: from.ip, mac: from.mac, padded: false, nextId: () => 0 }, 7, to, 9, DATA).slice();
const { SYN, ACK, FIN } = Flag;

const cases: Record<string, [seconds: number, frame: Uint8Array][]> = {
  'numbers that wrap, with data that nobody acknowledges': [
    [0, segment(device, router, SYN, 0xfffffff0)],
    [1, segment(device, router, FIN, 0xfffffff1, 0, DATA)],
    [2, segment(router, device, ACK, 7, 0x56)],
  ],
  'a FIN with data before an answer': [
    [0, segment(device, router, SYN, 100)],
    [1, segment(device, router, FIN, 101, 0, DATA)],
  ],
  'an ACK before the SYN-ACK, which tells an open port': [
    [0, datagram(device, router)],
    [0, datagram(router, device)],
    [2, datagram(device, router)],
    [2.1, datagram(router, device)],
    [3, segment(device, router, SYN, 100)],
    [3.1, segment(router, device, ACK, 7, 55)],
    [3.2, segment(router, device, SYN | ACK, 900, 101)],
  ],
  'a forwarded packet, then one that was not': [
    [0, datagram(device, router, 63)],
    [2, datagram(device, router, 63)],
    [3, datagram(device, router, 63)],
    [4, datagram(device, router)],
    [5, datagram(device, router)],
  ],
  'a device that has gone when the capture ends': [
    [0, datagram(new Endpoint4('192.168.1.9', 1), router)],
    ...Array.from({ length: 65 }, (_, i): [number, Uint8Array] => [i, datagram(device, router)]),
  ],
};

it.each(Object.entries(cases))('both ways say the same of %s', async (_, frames) => {
  const timed = frames.map(([ts, bytes]) => ({ ts: 1.6e15 + ts * 1e6, bytes }));
  const { bytes } = writeCapture(timed);
  for (const ignoreChecksums of [true, false]) {
    await runCapture(bytes, bytes.length, true, { table: { ignoreChecksums }, inventory: { offlineAfterSeconds: 62 } });
  }
});
