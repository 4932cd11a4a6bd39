/** Software that greets many: what it calls is there, or was looked up, or is scattered as peers are; and who scans. */
import { describe, expect, it } from 'vitest';
import { Endpoint4, Script } from '../capture/tcp-script.ts';
import { announces, asks, datagram, laptop, outside, phone, router, Station } from './station.ts';
import { alertsOf, sentencesOf, type TimedFrame } from './watch.ts';

/** A call by TCP that is answered, refused, or not heard of. */
function call(ts: number, from: string, to: string, port: number, outcome: 'answered' | 'refused' | 'silent', i = 0) {
  const script = new Script(new Endpoint4(from, 40_000 + (i % 20_000)), new Endpoint4(to, port), 1000 + i * 7919);
  script.syn(ts);
  if (outcome === 'silent') return script.again(ts + 1).again(ts + 3).frames;
  if (outcome === 'refused') return script.resp(ts + 0.002, 'RA').frames;
  const open = script
    .synAck(ts + 0.002)
    .ack(ts + 0.003)
    .orig(ts + 0.01, 'PA', 120)
    .resp(ts + 0.02, 'PA', 900);
  return open
    .orig(ts + 0.03, 'FA')
    .resp(ts + 0.031, 'FA')
    .ack(ts + 0.032).frames;
}

const server = '192.168.1.10';
const device = (i: number): string => `192.168.1.${100 + i}`;
const ports = [6053, 80, 9999, 8009, 1400, 443, 6668, 8081];
const peer = (i: number): string =>
  `${20 + ((i * 37) % 180)}.${(i * 91) % 250}.${(i * 53) % 250}.${1 + ((i * 17) % 250)}`;
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
/** Something from outside, so that the line is known to work. */
const online = (from: Station, seconds: number): TimedFrame[] =>
  range(Math.ceil(seconds / 20)).flatMap((i) => [
    datagram(20 * i, from, outside('1.1.1.1'), [50_000, 53]),
    datagram(20 * i + 0.02, outside('1.1.1.1'), from, [53, 50_000]),
  ]);

describe('software that greets many is ordinary', () => {
  it.each([0.9, 0.001])('a server that starts calls its thirty devices, one every %f s; three are off', (every) => {
    const frames = range(30).flatMap((i) =>
      call(100 + i * every, server, device(i), ports[i % 8]!, i % 10 === 9 ? 'silent' : 'answered', i),
    );
    expect(sentencesOf(frames)).toEqual([]);
  });

  it('a monitor pings and calls twenty services every minute', () => {
    const monitor = new Station(server, 'b8:27:eb:00:00:01');
    const frames = range(10).flatMap((round) =>
      range(20).flatMap((i) =>
        call(60 * round + 2.5 * i, monitor.address, device(i), [80, 443, 22][i % 3]!, 'answered', i),
      ),
    );
    expect(sentencesOf(frames)).toEqual([]);
  });

  it('a capture that begins in the middle of many conversations, also where only one side is seen', () => {
    const frames = range(20).flatMap((i) => {
      const script = new Script(new Endpoint4(server, 51_000 + i), new Endpoint4(device(i), 5900));
      for (let k = 0; k < 10; k++) {
        script.orig(0.1 * i + k, 'PA', 60);
        if (i % 2) script.resp(0.1 * i + k + 0.01, 'PA', 700);
      }
      return script.frames;
    });
    expect(sentencesOf(frames)).toEqual([]);
  });

  it('file sharing: hundreds of peers at ports of their own, most of them gone', () => {
    const me = laptop.address;
    const frames = range(200).flatMap((i) => {
      const port = i % 9 === 0 ? 51_413 : 1024 + ((i * 7919) % 60_000);
      return call(1 + i, me, peer(i), port, i % 5 === 0 ? 'answered' : 'silent', i);
    });
    expect(sentencesOf([...online(laptop, 220), ...frames])).toEqual([]);
  });

  it('a node of a currency or a game whose peers all keep one port', () => {
    const frames = range(200).flatMap((i) =>
      call(1 + i, laptop.address, peer(i), 8333, i % 3 === 0 ? 'answered' : 'silent', i),
    );
    expect(sentencesOf([...online(laptop, 220), ...frames])).toEqual([]);
  });

  it('a router that asks for all addresses by ARP, and that of a provider', () => {
    const frames = range(253).map((i) =>
      asks(30 + 0.02 * i, router, new Station(`192.168.1.${1 + i}`, router.macText)),
    );
    expect(sentencesOf([...online(phone, 60), ...frames])).toEqual([]);
    const cable = new Station('24.166.172.1', '00:30:eb:af:f4:54');
    const customers = range(120).map((i) => asks(0.2 * i, cable, cable.as(`24.166.173.${1 + i}`)));
    expect(sentencesOf(customers)).toEqual([]);
  });

  it('devices that announce themselves to a group: the group has called nobody', () => {
    const group = new Station('239.255.255.250', '01:00:5e:7f:ff:fa');
    const frames = range(20).flatMap((i) => {
      const own = new Station(device(i), `a4:cf:12:00:00:${(16 + i).toString(16)}`);
      return [
        announces(i, own),
        datagram(i + 0.1, own, group, [546, 1900]),
        datagram(i + 0.5, own, group, [546, 1900]),
      ];
    });
    expect(sentencesOf(frames)).toEqual([]);
  });
});

describe('who scans is told', () => {
  const scans: [string, TimedFrame[]][] = [
    [
      'a port of every address',
      range(60).flatMap((i) => call(100 + 0.05 * i, server, `192.168.1.${20 + i}`, 445, 'silent', i)),
    ],
    [
      'a port of every address, of which a third answers',
      range(60).flatMap((i) =>
        call(100 + 0.2 * i, server, `192.168.1.${20 + i}`, 80, i % 3 ? 'refused' : 'answered', i),
      ),
    ],
    ['every port of one', range(60).flatMap((i) => call(100 + 0.05 * i, server, device(1), 20 + i, 'refused', i))],
    [
      'the internet, at one port',
      [
        ...online(new Station(server, '02:00:c0:a8:01:0a'), 140),
        ...range(60).flatMap((i) => call(100 + 0.2 * i, server, peer(i), 23, i % 20 ? 'silent' : 'refused', i)),
      ],
    ],
    [
      'the internet, at a high port',
      [
        ...online(new Station(server, '02:00:c0:a8:01:0a'), 140),
        ...range(80).flatMap((i) => call(100 + 0.2 * i, server, peer(i), 37_215, 'silent', i)),
      ],
    ],
    ['all addresses by ARP', range(200).map((i) => asks(0.05 * i, laptop, laptop.as(`192.168.1.${1 + i}`)))],
  ];
  it.each(scans)('%s', (_, frames) => {
    const [alert, ...others] = alertsOf(frames);
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ kind: 'scan' });
  });
});
