/** Streams that nobody answers, bursts, packets out of order, and clocks that ask whether the line works. */
import { describe, expect, it } from 'vitest';
import { echoFrame, portUnreachableFrame } from '../../src/simulator/wire/icmp.ts';
import { Endpoint4, Script } from '../capture/tcp-script.ts';
import { camera, datagram, laptop, outside, phone, router, Station } from './station.ts';
import { alertsAfter, alertsOf, sentencesOf, type TimedFrame } from './watch.ts';

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const nas = new Station('192.168.1.11', '00:11:32:00:00:0b');

describe('streams', () => {
  it.each([
    [50_000, 5000],
    [5000, 50_000],
  ])('a camera that sends pictures one way, from port %i to %i', (from, to) => {
    const frames = range(4000).map((i) => datagram(i / 500, camera, nas, [from, to], 1200));
    expect(sentencesOf(frames)).toEqual([]);
  });

  it('a log that is sent in bulk', () => {
    const frames = range(2000).map((i) => datagram(i / 1000, router, nas, [1512, 514], 400));
    expect(sentencesOf(frames)).toEqual([]);
  });

  it('a browser that opens forty connections to its proxy at once', () => {
    const frames = range(40).flatMap((i) => {
      const script = new Script(new Endpoint4(laptop.address, 50_000 + i), new Endpoint4('77.111.247.69', 443));
      script
        .syn(0.01 * i)
        .synAck(0.03 + 0.01 * i)
        .ack(0.031 + 0.01 * i);
      return script.orig(0.04 + 0.01 * i, 'PA', 500).resp(0.1 + 0.01 * i, 'PA', 1400).frames;
    });
    expect(sentencesOf(frames)).toEqual([]);
  });

  it('a capture whose blocks are not in the order of time is judged by the times of its packets', () => {
    const look = (ts: number): TimedFrame[] => [
      datagram(ts, laptop, router, [40_000 + (Math.round(ts * 100) % 20_000), 53], 40),
      datagram(ts + 0.01, router, laptop, [53, 40_000 + (Math.round(ts * 100) % 20_000)], 90),
    ];
    const blocks = range(20).flatMap((block) => range(100).flatMap((i) => look(20 * ((block * 7) % 20) + 0.2 * i)));
    expect(alertsOf(blocks, false)).toEqual([]);
  });

  it('a victim that says that nothing listens is not the one that floods', () => {
    const frames = range(900).flatMap((i): TimedFrame[] => {
      const probe = datagram(i / 300, laptop, nas, [40_000, 1000 + i], 60);
      return [probe, { ts: i / 300 + 0.001, bytes: portUnreachableFrame(nas, laptop, probe.bytes).slice() }];
    });
    expect(alertsOf(frames).filter(({ hosts }) => hosts?.[0] === nas.address)).toEqual([]);
  });

  it('a flood from ports without number is told, and only its sender is blamed', () => {
    const frames = range(4000).map((i) => datagram(i / 1000, camera, nas, [61_100 + i, 61_100], 1200));
    const alerts = alertsOf(frames);
    expect(alerts.map(({ kind }) => kind)).toContain('flood');
    for (const { hosts } of alerts) expect(hosts![0]).toBe(camera.address);
  });
});

describe('clocks', () => {
  it('a ping every two minutes asks whether the line works', () => {
    const dns = outside('8.8.8.8');
    const frames = range(60).flatMap((i): TimedFrame[] => [
      { ts: 120 * i, bytes: echoFrame(camera, dns, false, 7, i, new Uint8Array(56)).slice() },
      { ts: 120 * i + 0.02, bytes: echoFrame(dns, camera, true, 7, i, new Uint8Array(56)).slice() },
    ]);
    expect(sentencesOf(frames)).toEqual([]);
  });

  /** One connection that says something every `period` seconds, with a look-up of its server before it or without. */
  function heartbeat(period: number, isNamed: boolean, from: number, port = 51_000): TimedFrame[] {
    const server = '112.34.112.167';
    const script = new Script(new Endpoint4(camera.address, port), new Endpoint4(server, 8443));
    script
      .syn(from + 1)
      .synAck(from + 1.02)
      .ack(from + 1.03);
    for (let i = 1; i < 60; i++) script.orig(from + i * period, 'PA', 90).resp(from + i * period + 0.05, 'PA', 60);
    const answer = (name: string, address: string): TimedFrame =>
      datagram(from, router, camera, [53, 40_000], lookedUp(name, address));
    const others = range(60).map((i) => ({
      ...answer(`host${i}.example.com`, '93.184.216.34'),
      ts: from - 3000 + 60 * i,
    }));
    return [
      ...others,
      ...(isNamed ? [{ ...answer('cloud.example.com', server), ts: from + 0.5 }] : []),
      ...script.frames,
    ];
  }

  it('a heartbeat that was learned under its name is known without it', () => {
    expect(alertsAfter(heartbeat(30, true, 4000), heartbeat(30, false, 4000, 52_000))).toEqual([]);
  });

  it('one that was never there is told', () => {
    const [alert] = alertsOf(heartbeat(30, false, 4000));
    expect(['beacon', 'remote-control']).toContain(alert!.kind);
    expect(alert!.hosts).toEqual([camera.address, '112.34.112.167']);
  });

  it('a device that is kept in goes on calling all addresses of its cloud', () => {
    const cloud = (i: number): string => `52.204.${i}.53`;
    const calls = (from: number): TimedFrame[] =>
      range(8).flatMap((i) => [
        datagram(from + 60 * i, router, phone, [53, 40_000], lookedUp('api.cloud.example.com', cloud(i))),
        ...new Script(new Endpoint4(phone.address, 50_000 + i), new Endpoint4(cloud(i), 443), 1000 * i + 1)
          .syn(from + 60 * i + 1)
          .again(from + 60 * i + 2)
          .again(from + 60 * i + 4)
          .again(from + 60 * i + 8)
          .again(from + 60 * i + 16).frames,
        datagram(from + 60 * i + 20, outside('1.1.1.1'), phone, [123, 123]),
      ]);
    expect(sentencesOf(calls(0))).toEqual([]);
    expect(alertsAfter(calls(0), calls(50))).toEqual([]);
  });
});

/** An answer to a question for the address of a name. */
function lookedUp(name: string, address: string): Uint8Array {
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  const question = [...labels, 0, 0, 1, 0, 1];
  const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, ...address.split('.').map(Number)];
  return Uint8Array.from([0, 7, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, ...question, ...record]);
}
