/** Live sources that give records: real datagrams, a real growing log, and the silence of both. */
import { createSocket } from 'node:dgram';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { netflowV5 } from '../../../test/conformance/netflow-builder.ts';
import type { Conn } from '../../flow/conn.ts';
import { allowListOf } from '../netflow/allow-list.ts';
import { kernelDrops } from '../netflow/kernel-drops.ts';
import { LossWatch } from './loss-watch.ts';
import { NetflowSource } from './netflow-source.ts';
import type { Gap, LiveSink, LiveSource } from './source.ts';
import { ZeekSource } from './zeek-source.ts';

let source: LiveSource | null = null;
const stop = async (): Promise<void> => {
  await source?.stop();
  source = null;
};
afterEach(stop);

interface Heard {
  conns: Conn[];
  states: string[];
  gaps: Gap[];
}

async function listen(one: LiveSource): Promise<Heard> {
  const heard: Heard = { conns: [], states: [], gaps: [] };
  const sink: LiveSink = {
    onPacket: () => expect.unreachable(),
    onConn: (conn) => heard.conns.push(conn),
    onState: (state, reason) => heard.states.push(reason === null ? state : `${state}: ${reason}`),
    onGap: (gap) => heard.gaps.push({ ...gap }),
  };
  source = one;
  await one.start(sink);
  return heard;
}

async function until(condition: () => boolean, withinMs = 5_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const send = (bytes: Uint8Array, port: number): Promise<void> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.send(bytes, port, '127.0.0.1', () => socket.close(() => resolve()));
  });

test('an exporter is heard, missed when it is silent, and heard again; rubbish is no sign of life', async () => {
  const netflow = new NetflowSource({ host: '127.0.0.1', port: 0, quietMs: 2_500, pairMs: 50 });
  const heard = await listen(netflow);
  const port = Number(netflow.name.split(':').at(-1));
  expect(heard.states).toEqual(['starting']);
  await send(netflowV5(), port);
  await until(() => heard.conns.length === 2);
  expect(heard.states).toEqual(['starting', 'watching']);
  const rubbish = setInterval(() => void send(Buffer.from('rubbish'), port), 200);
  await until(() => heard.states.length === 3);
  clearInterval(rubbish);
  expect(heard.states[2]).toBe(`blind: no exporter has sent anything to ${netflow.name} for 3 seconds`);
  expect(heard.gaps).toEqual([{ from: expect.any(Number), to: null, reason: heard.states[2].slice(7) }]);
  await send(netflowV5(), port);
  await until(() => heard.states.length === 4);
  expect(heard.states[3]).toBe('watching');
  expect(heard.gaps[1].to! - heard.gaps[1].from).toBeGreaterThan(2);
  await stop();
  const { offered, parsed, rejected } = netflow.account();
  expect(parsed).toBe(4);
  expect(offered).toBe(parsed + Object.values(rejected).reduce((total, count) => total + count, 0));
  expect(offered).toBeGreaterThan(parsed);
}, 15_000);

/** Flows of a v5 exporter, numbered from `sequence`. */
function numbered(sequence: number): Buffer {
  const bytes = netflowV5();
  bytes.writeUInt32BE(sequence, 16);
  return bytes;
}

test('flows that never arrive are counted, and too many of them blind', async () => {
  const netflow = new NetflowSource({ host: '127.0.0.1', port: 0, pairMs: 50 });
  const heard = await listen(netflow);
  const port = Number(netflow.name.split(':').at(-1));
  let sequence = 0;
  let step = 3;
  const exporter = setInterval(() => {
    void send(numbered(sequence), port);
    sequence += step;
  }, 50);
  await until(() => netflow.account().parsed > 20);
  expect(heard.states).toEqual(['starting', 'watching']);
  step = 6;
  await until(() => heard.states.length > 2);
  expect(heard.states[2]).toMatch(/^degraded: \d+ % of the exporters' flows never arrive$/);
  await until(() => heard.states.at(-1)!.startsWith('blind'), 18_000);
  step = 3;
  await until(() => heard.states.at(-1) === 'watching', 10_000);
  clearInterval(exporter);
  await stop();
  const { offered, parsed, rejected, dropped } = netflow.account();
  expect(dropped['netflow.lost']).toBeGreaterThan(50);
  expect(offered).toBe(parsed + dropped['netflow.lost'] + Object.values(rejected).reduce((sum, one) => sum + one, 0));
}, 60_000);

test('datagrams that the kernel has dropped are read from its table', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guardian-udp-'));
  const table = path.join(folder, 'udp');
  const row = (port: string, drops: number): string =>
    `  381: 0100007F:${port} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 17 2 0000 ${drops} \n`;
  writeFileSync(
    table,
    `  sl  local_address rem_address st drops\n${row('0807', 163)}${row('0035', 5)}${row('0807', 1)}`,
  );
  expect(kernelDrops(2055, [table])).toBe(164);
  expect(kernelDrops(2056, [table])).toBeNull();
  expect(kernelDrops(2055, [`${table}.gone`])).toBeNull();
  rmSync(folder, { recursive: true });
});

test('losses of some seconds count together', () => {
  const watch = new LossWatch();
  const at = (datagrams: number, dropped: number) => watch.next({ records: 0, lost: 0, datagrams, dropped });
  expect([at(0, 0), at(100, 0), at(200, 1), at(210, 10)]).toEqual([
    ...[null, null, null],
    '5 % of the datagrams are dropped before they are read',
  ]);
  expect([300, 400, 500, 600, 700, 800].map((read) => at(read, 10)).at(-1)).toBeNull();
});

test('exporters are named by address or network', () => {
  const allowed = allowListOf(['192.168.1.1', '10.0.0.0/8', 'fd00::/8'])!;
  const asked = ['192.168.1.1', '::ffff:10.1.2.3', 'fd12::1', '192.168.1.2', 'fe80::1%eth0', ''];
  expect(asked.map(allowed)).toEqual([true, true, true, false, false, false]);
  for (const bad of ['router', '10.0.0.0/33', '1.2.3.4/x']) expect(allowListOf([bad])).toBeNull();
});

test('a port that is taken is said at once', async () => {
  const first = new NetflowSource({ host: '127.0.0.1', port: 0 });
  await listen(first);
  const second = new NetflowSource({ host: '127.0.0.1', port: Number(first.name.split(':').at(-1)) });
  const sink: LiveSink = { onPacket: () => {}, onConn: () => {}, onState: () => {}, onGap: () => {} };
  await expect(second.start(sink)).rejects.toMatchObject({ code: 'listen_failed' });
});

test('a Zeek that has no log yet degrades at once; then what is added to it comes in, and its silence shows', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guardian-zeek-'));
  const log = path.join(folder, 'conn.log');
  const row = (uid: string): string => `{"uid":"${uid}","orig_pkts":1,"resp_pkts":1,"orig_bytes":1,"resp_bytes":1}\n`;
  const zeek = new ZeekSource({ directory: folder, pollMs: 20, quietMs: 2_000 });
  const heard = await listen(zeek);
  await until(() => heard.states.length === 2);
  expect(heard.states[1]).toBe(`degraded: there is no conn.log in ${folder}`);
  writeFileSync(log, row('C1'));
  await until(() => heard.states.length === 3);
  appendFileSync(log, row('C2'));
  await until(() => heard.conns.length === 2);
  expect(heard.conns.map(({ uid }) => uid)).toEqual(['C1', 'C2']);
  await until(() => heard.states.length === 4);
  expect(heard.states.slice(2)).toEqual([
    'watching',
    `blind: nothing was added to the conn.log in ${folder} for 2 seconds`,
  ]);
  await stop();
  expect(zeek.account()).toMatchObject({ offered: 2, parsed: 2 });
  expect(zeek.gaps).toHaveLength(2);
  expect(zeek.gaps.every(({ to }) => to !== null)).toBe(true);
  rmSync(folder, { recursive: true });
}, 15_000);
