/** The live monitor on records alone: an exporter tells of a scan, and a switch of samples of one, in real datagrams. */
import { createSocket } from 'node:dgram';
import { expect, test } from 'vitest';
import type { MonitorEvent } from '../../src/monitor/monitor-event.ts';
import { Monitor } from '../../src/monitor/worker/monitor.ts';
import { NetflowSource } from '../../src/source/live/netflow-source.ts';
import { until } from '../live.ts';
import { ipfix, set, template, u16, u32 } from './netflow-builder.ts';
import { flowSample, sampledFrame, sflowDatagram } from './sflow-builder.ts';

const START = Date.UTC(2026, 2, 2, 17) / 1000;
const TEMPLATE = template(256, [
  ...([8, 12].map((address) => [address, 4]) as [number, number][]),
  ...([7, 11].map((port) => [port, 2]) as [number, number][]),
  ...([4, 6].map((byte) => [byte, 1]) as [number, number][]),
  ...([2, 1, 150, 151].map((count) => [count, 4]) as [number, number][]),
  [56, 6],
]);

/** A SYN without answer to a port of the router. */
const attempt = (port: number): number[] => [
  ...[192, 168, 1, 7, 192, 168, 1, 1, ...u16(40_000 + port), ...u16(port), 6, 2],
  ...[...u32(1), ...u32(60), ...u32(START + Math.floor(port / 20)), ...u32(START + Math.floor(port / 20))],
  ...[2, 0x17, 0x88, 10, 11, 12],
];

interface Watched {
  monitor: Monitor;
  events: MonitorEvent[];
  /** Ends it; gives its account. */
  stop(): ReturnType<Monitor['stop']>;
}

async function watch(datagrams: readonly Uint8Array[]): Promise<Watched> {
  const source = new NetflowSource({ host: '127.0.0.1', port: 0, pairMs: 100 });
  const events: MonitorEvent[] = [];
  const onTrouble = (error: Error): void => expect.unreachable(error.message);
  const monitor = new Monitor({ source, learnSeconds: 0, onTrouble, onEvent: (event) => events.push(event) });
  await monitor.restore();
  await monitor.start();
  const port = Number(source.name.split(':').at(-1));
  const exporter = createSocket('udp4');
  for (const datagram of datagrams) {
    await new Promise((resolve) => exporter.send(datagram, port, '127.0.0.1', resolve));
  }
  await new Promise<void>((resolve) => exporter.close(() => resolve()));
  return { monitor, events, stop: () => monitor.stop() };
}

const firsts = Array.from({ length: 10 }, (_, i) => 1 + 20 * i);

test('a scan that an exporter tells of is an alert, under its name', async () => {
  const { monitor, events, stop } = await watch(
    firsts.map((first) => {
      const flows = Array.from({ length: 20 }, (_, i) => attempt(first + i)).flat();
      return ipfix(set(2, TEMPLATE), set(256, flows));
    }),
  );
  const alert = await until(() => events.find((event) => event.type === 'alert'));
  const { offered, parsed, connections } = await stop();
  expect(alert).toMatchObject({ kind: 'scan', hosts: expect.arrayContaining(['192.168.1.7']) });
  expect([offered, parsed, connections]).toEqual([200, 200, 200]);
  // It sends hardware addresses, so there is a device behind the alert.
  expect(monitor.inventory.ownerOf('192.168.1.7')).toBe('02:17:88:0a:0b:0c');
  const states = events.filter((event) => event.type === 'state').map(({ state }) => state);
  expect(states.filter((state) => state !== 'starting')).toEqual(['watching']);
});

/** SYNs without answer to 200 ports of the router, as a switch tells of them that takes one packet of `rate`. */
const sampledScan = (rate: number): Uint8Array[] =>
  firsts.map((first, sequence) => {
    const syn = (port: number): number[] => sampledFrame({ to: '192.168.1.1', ports: [40_000 + port, port], flags: 2 });
    const samples = Array.from({ length: 20 }, (_, i) => flowSample(rate, syn(first + i)));
    return sflowDatagram({ sequence, uptime: 1000 * sequence }, ...samples);
  });

test('a switch that takes every packet tells of it too; what one that samples did not take may have been answers', async () => {
  const exact = await watch(sampledScan(1));
  const alert = await until(() => exact.events.find((event) => event.type === 'alert'));
  expect(alert).toMatchObject({ kind: 'scan', hosts: expect.arrayContaining(['192.168.1.7']) });
  expect((await exact.stop()).connections).toBe(200);
  const sampled = await watch(sampledScan(100));
  await until(() => sampled.monitor.inventory.ownerOf('192.168.1.7') !== null);
  expect((await sampled.stop()).connections).toBe(200);
  expect(sampled.events.filter((event) => event.type === 'alert')).toEqual([]);
  expect(sampled.monitor.inventory.ownerOf('192.168.1.7')).toBe('02:17:88:0a:0b:0c');
});
