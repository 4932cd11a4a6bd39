/** Data where none belongs: in pings, in names; and scans that greet nobody or wait for nobody. */
import { describe, expect, it } from 'vitest';
import { dnsMessage, QUERY_FLAGS, RecordType } from '../../src/simulator/wire/application/dns.ts';
import { echoFrame, portUnreachableFrame } from '../../src/simulator/wire/icmp.ts';
import { Flag, tcpFrame } from '../../src/simulator/wire/tcp.ts';
import { udpFrame } from '../../src/simulator/wire/udp.ts';
import { camera, datagram, laptop, outside, phone, router, type Station } from '../ordinary/station.ts';
import { alertsOf, sentencesOf, type TimedFrame } from '../ordinary/watch.ts';
import { random } from './conversation.ts';

const server = outside('203.0.113.77');
const told = (frames: readonly TimedFrame[]): (string | string[])[][] =>
  alertsOf(frames).map(({ kind, hosts }) => [kind, hosts?.[0] ?? '']);

/** A request and what comes back, every `every` seconds. */
function pings(count: number, every: number, content: (i: number) => Uint8Array, reply = content): TimedFrame[] {
  return Array.from({ length: count }, (_, i) => [
    { ts: i * every, bytes: echoFrame(laptop, server, false, 7, i, content(i)).slice() },
    { ts: i * every + 0.02, bytes: echoFrame(server, laptop, true, 7, i, reply(i)).slice() },
  ]).flat();
}

describe('data in pings', () => {
  it.each([
    ['that come back as they went', (i: number) => random(200, i + 1), (i: number) => random(200, i + 1)],
    ['that are answered by other data', (i: number) => random(90, i + 1), (i: number) => random(300, i + 999)],
  ])('%s', (_, request, reply) => {
    expect(told(pings(100, 1, request, reply))).toEqual([['icmp-tunnel', laptop.address]]);
  });

  const counting = (i: number): Uint8Array =>
    Uint8Array.from({ length: 56 }, (_, at) => (at < 16 ? (i * 37 + at * 11) & 255 : at));
  it.each([
    ['of Linux: a clock, then a pattern', counting],
    ['of Windows: the alphabet', () => Uint8Array.from({ length: 32 }, (_, at) => 97 + (at % 23))],
    ['that grow until they no longer fit', (i: number) => Uint8Array.from({ length: 56 + 8 * i }, (_, at) => at & 255)],
    [
      'with a counter of the program',
      (i: number) =>
        Uint8Array.from({ length: 64 }, (_, at) => (at > 24 && at < 29 ? (i >> (8 * (28 - at))) & 255 : 7)),
    ],
  ])('but not those %s', (_, content) => {
    expect(told(pings(100, 1, content))).toEqual([]);
  });
});

describe('tunnels in names', () => {
  const asks = (ts: number, name: string, tcp = false): TimedFrame => {
    const message = dnsMessage({
      ...{
        id: 1,
        flags: QUERY_FLAGS,
        questions: [{ name, type: RecordType.TXT }],
        answers: [],
        authorities: [],
        additionals: [],
      },
    } as never);
    if (!tcp) return datagram(ts, laptop, router, [41_000, 53], message);
    const framed = Uint8Array.from([message.length >> 8, message.length & 255, ...message]);
    const segment = {
      from: laptop,
      fromPort: 41_000,
      to: router,
      toPort: 53,
      // What was sent between these messages was not captured.
      seq: 1 + Math.round(ts * 4) * 400,
      ack: 1,
      flags: Flag.ACK,
      window: 999,
    };
    return { ts, bytes: tcpFrame(segment, framed).slice() };
  };
  const secret = (i: number): string => Buffer.from(random(24, i + 1)).toString('hex');

  it.each([
    ['behind an underscore', (i: number) => `_${secret(i)}.evil.example`, false],
    ['that end in .local and are asked of a resolver', (i: number) => `${secret(i)}.evil.local`, false],
    ['over TCP', (i: number) => `${secret(i)}.evil.example`, true],
  ])('%s', (_, name, tcp) => {
    const frames = Array.from({ length: 200 }, (_, i) => asks(i * 0.25, name(i), tcp));
    expect(told(frames)).toContainEqual(['dns-tunnel', laptop.address]);
  });

  it('but not a computer that looks for the services of its office', () => {
    const services = ['_ldap._tcp', '_kerberos._tcp', '_gc._tcp', '_kpasswd._udp', '_ldap._tcp.dc._msdcs', '_sip._tls'];
    const names = services.flatMap((service) => ['home', 'office'].map((site) => `${service}.${site}.corp.local`));
    expect(sentencesOf(names.map((name, i) => asks(i, name)))).toEqual([]);
  });
});

describe('who scans is blamed, not who is scanned', () => {
  const target = camera;
  /** The victim's RST, as stacks send it to what belongs to no connection. */
  const probe = (ts: number, port: number, flags: number): TimedFrame[] => {
    const segment = { from: phone, fromPort: 36_000, to: target, toPort: port, seq: 1, ack: 0, flags, window: 1024 };
    const rst = {
      from: target,
      fromPort: port,
      to: phone,
      toPort: 36_000,
      seq: 0,
      ack: 2,
      flags: Flag.RST | Flag.ACK,
      window: 0,
    };
    return [
      { ts, bytes: tcpFrame(segment).slice() },
      { ts: ts + 0.001, bytes: tcpFrame(rst).slice() },
    ];
  };
  it.each([
    ['FIN', Flag.FIN],
    ['NULL', 0],
    ['XMAS', Flag.FIN | Flag.PSH | 32],
  ])('%s scan, also of ports above its own', (_, flags) => {
    const frames = Array.from({ length: 100 }, (_, i) => probe(i * 0.1, 40_000 + i * 7, flags)).flat();
    expect(told(frames)).toEqual([['scan', phone.address]]);
  });

  it('UDP scan whose ports are not there', () => {
    const frames = Array.from({ length: 300 }, (_, i) => {
      const bytes = udpFrame(phone, 36_000, target, 40_000 + i * 7, random(4)).slice();
      return [
        { ts: i * 0.005, bytes },
        { ts: i * 0.005 + 0.001, bytes: portUnreachableFrame(target, phone, bytes).slice() },
      ];
    }).flat();
    expect(told(frames)).toEqual([['scan', phone.address]]);
  });

  it('a stream from a camera to a lower port than its own has the camera as its sender', () => {
    const frames = Array.from({ length: 4000 }, (_, i) => datagram(i * 0.0025, camera, laptop, [5004, 40_000], 1200));
    expect(sentencesOf(frames)).toEqual([]);
  });
});

it('a program that knocks at many doors to reach its peers does not scan', () => {
  const peer = outside('198.51.100.9');
  const doors = Array.from({ length: 30 }, (_, i) =>
    datagram(1 + i * 0.1, camera, outside(`203.0.113.${i % 6}`), [24_207, 32_100 + i], 32),
  );
  const open = [datagram(0, camera, peer, [24_207, 32_100]), datagram(0.03, peer, camera, [32_100, 24_207])];
  const line = [datagram(9, camera, peer, [24_207, 32_100]), datagram(9.1, peer, camera, [32_100, 24_207])];
  expect(told([...open, ...doors, ...line])).toEqual([]);
});

describe('sweeps of the outside', () => {
  const others = (count: number): Station[] =>
    Array.from({ length: count }, (_, i) => outside(`198.51.${100 + (i >> 8)}.${i & 255 || 1}`));
  const syn = (ts: number, to: Station, port: number, i: number): TimedFrame => ({
    ts,
    bytes: tcpFrame({
      from: laptop,
      fromPort: 30_000 + i,
      to,
      toPort: port,
      seq: 1,
      ack: 0,
      flags: Flag.SYN,
      window: 1024,
    }).slice(),
  });

  it('are told before anybody could have answered', () => {
    expect(told(others(400).map((to, i) => syn(i / 1000, to, 445, i)))).toContainEqual(['scan', laptop.address]);
  });

  it('are told of pings that nobody answers, and not of a look for the nearest server', () => {
    const ask = (to: Station, i: number): TimedFrame => ({
      ts: 2 * i,
      bytes: echoFrame(laptop, to, false, i, 0, random(48)).slice(),
    });
    const answer = (to: Station, i: number): TimedFrame => ({
      ts: 2 * i + 0.03,
      bytes: echoFrame(to, laptop, true, i, 0, random(48)).slice(),
    });
    expect(told(others(40).map(ask))).toEqual([['scan', laptop.address]]);
    expect(told(others(40).flatMap((to, i) => [ask(to, i), answer(to, i)]))).toEqual([]);
  });

  it('are not a browser that opens thirty pages', () => {
    const pages = others(120).flatMap((to, i) => {
      const back = {
        from: to,
        fromPort: 443,
        to: laptop,
        toPort: 30_000 + i,
        seq: 9,
        ack: 2,
        flags: Flag.SYN | Flag.ACK,
        window: 999,
      };
      return [syn(i / 30, to, 443, i), { ts: i / 30 + 0.02, bytes: tcpFrame(back).slice() }];
    });
    expect(told(pages)).toEqual([]);
  });
});
