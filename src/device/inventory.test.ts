import { describe, expect, it } from 'vitest';
import {
  announcement,
  CAMERA,
  datagram,
  discover,
  end,
  feed,
  GROUP,
  inventoryOf,
  ROUTER,
  START,
  type Timed,
  UDHCP,
} from '../../test/device/feed.ts';
import { type Endpoint, groupEndpoint, parseIpv4, parseIpv6, parseMac } from '../simulator/wire/address.ts';
import { DhcpType, dhcpServerMessage } from '../simulator/wire/application/dhcp.ts';
import { dnsMessage, MDNS_RESPONSE_FLAGS, QUERY_FLAGS } from '../simulator/wire/application/dns.ts';
import { arpProbe } from '../simulator/wire/arp.ts';
import { ascii } from '../simulator/wire/bytes.ts';
import { neighborAdvertisement } from '../simulator/wire/icmp6.ts';
import { Flag, tcpFrame } from '../simulator/wire/tcp.ts';
import { udpFrame } from '../simulator/wire/udp.ts';
import type { DeviceEvent } from './device.ts';
import { createInventory } from './inventory.ts';

describe('addresses', () => {
  it('belong to who speaks for them: ARP, DHCP, neighbour discovery, and unforwarded local traffic', () => {
    const lease = dhcpServerMessage({
      type: DhcpType.ACK,
      transaction: 7,
      mac: parseMac(CAMERA),
      yourIp: parseIpv4('192.168.1.20'),
      serverIp: parseIpv4('192.168.1.1'),
      router: parseIpv4('192.168.1.1'),
      dns: parseIpv4('192.168.1.1'),
      leaseSeconds: 3600,
      domain: 'lan',
    });
    const v6 = '2001:db8::20';
    const inventory = inventoryOf([
      [0, discover(CAMERA, UDHCP)],
      [1, announcement(ROUTER, '192.168.1.1')],
      [2, udpFrame(end(ROUTER, '192.168.1.1'), 67, end(CAMERA, '192.168.1.20'), 68, lease)],
      [3, neighborAdvertisement(end(CAMERA, v6), end(ROUTER, 'fe80::1'), parseIpv6(v6), false)],
      [4, datagram(end(CAMERA, '169.254.9.9'), end(ROUTER, '192.168.1.1'))],
    ]);
    const camera = inventory.device(CAMERA);
    expect(camera?.addresses.map(({ address, source }) => [address, source])).toEqual([
      ['169.254.9.9', 'traffic'],
      [v6, 'nd'],
      ['192.168.1.20', 'dhcp'],
    ]);
    expect(inventory.ownerOf('192.168.1.20')).toBe(CAMERA);
    expect(inventory.device(ROUTER)).toMatchObject({ gateway: true, kind: 'router', ips: ['192.168.1.1'] });
  });

  it('of the internet are not the router’s, nor are those that it forwards from another subnet', () => {
    const camera = end(CAMERA, '192.168.1.20');
    const inventory = inventoryOf([
      [0, announcement(ROUTER, '192.168.1.1')],
      [1, datagram(end(ROUTER, '93.184.216.34', 64), camera)],
      [2, datagram(end(ROUTER, '10.9.8.7', 63), camera)],
      [3, tcpFrame(syn(end(ROUTER, '93.184.216.34', 55), 443, Flag.SYN | Flag.ACK))],
    ]);
    expect(inventory.device(ROUTER)).toMatchObject({ ips: ['192.168.1.1'], services: [] });
  });

  it('stay with who claimed them by ARP when another sends from them', () => {
    const forger = '02:00:00:00:00:66';
    const inventory = inventoryOf([
      [0, announcement(CAMERA, '192.168.1.20')],
      [1, datagram(end(forger, '192.168.1.20'), end(ROUTER, '192.168.1.1'))],
    ]);
    expect(inventory.ownerOf('192.168.1.20')).toBe(CAMERA);
    expect(inventory.device(forger)?.ips).toEqual([]);
  });

  it('are no claim in a probe, nor in an ARP packet in the name of another', () => {
    const foreign = announcement(CAMERA, '192.168.1.20');
    foreign.set(parseMac(ROUTER), 6);
    const inventory = inventoryOf([
      [0, arpProbe(parseMac(CAMERA), parseIpv4('192.168.1.20'))],
      [1, foreign],
    ]);
    expect(inventory.ownerOf('192.168.1.20')).toBeNull();
  });

  it('of a device that sends from very many are dropped: it forwards', () => {
    const frames = Array.from(
      { length: 40 },
      (_, i): Timed => [i, datagram(end(ROUTER, `10.0.0.${i + 1}`), end(CAMERA, '192.168.1.20'))],
    );
    expect(inventoryOf(frames).device(ROUTER)?.ips).toEqual([]);
  });
});

describe('the gateway', () => {
  it('is who gets what is for the internet, not who sends from made-up addresses', () => {
    const camera = end(CAMERA, '192.168.1.20');
    const liar = '02:00:00:00:00:66';
    const frames: Timed[] = [];
    for (let i = 1; i <= 5; i++) {
      frames.push([i, datagram(camera, end(ROUTER, `93.184.216.${i}`))]);
      frames.push([i, datagram(end(liar, `8.8.8.${i}`), camera)]);
    }
    const inventory = inventoryOf(frames, {});
    // The router itself has not said a word yet, so it is nobody's device.
    expect(inventory.devices().map(({ mac, gateway }) => [mac, gateway])).toEqual([
      [CAMERA, false],
      [liar, false],
    ]);
    feed(inventory, [[9, announcement(ROUTER, '192.168.1.1')], ...frames.map(([t, frame]): Timed => [10 + t, frame])]);
    expect(inventory.device(ROUTER)).toMatchObject({ gateway: true, evidence: [expect.stringMatching(/5 frames/)] });
    expect(inventory.device(liar)?.gateway).toBe(false);
  });
});

describe('what a device tells', () => {
  const speaker = end('02:11:22:33:44:55', '192.168.1.30');
  const service = '_googlecast._tcp.local';
  const cast = dnsMessage({
    id: 0,
    flags: MDNS_RESPONSE_FLAGS,
    answers: [
      { type: 12, name: service, ttl: 120, target: `mini.${service}` },
      {
        type: 16,
        name: `mini.${service}`,
        ttl: 120,
        texts: ['id=0123456789abcdef', 'md=Google Nest Mini', 'fn=Kitchen'],
      },
      { type: 1, name: 'mini.local', ttl: 120, address: speaker.ip },
    ],
  });

  it('is not what it passes on from another network, as a router does that reflects mDNS', () => {
    const router = end(ROUTER, '192.168.1.1');
    const inventory = inventoryOf([
      [0, announcement(ROUTER, '192.168.1.1')],
      // The speaker is in another VLAN: nobody here is known to have its address.
      ...[1, 2, 3].map((t): Timed => [t, udpFrame(router, 5353, groupEndpoint(parseIpv4('224.0.0.251')), 5353, cast)]),
    ]);
    expect(inventory.device(ROUTER)).toMatchObject({ kind: 'unknown', name: null });
  });

  it('is in its description, with the kind and why', () => {
    const query = dnsMessage({ id: 9, flags: QUERY_FLAGS, questions: [{ name: 'Cloud.Example.com', type: 1 }] });
    const [device] = inventoryOf([
      [0, announcement('02:11:22:33:44:55', '192.168.1.30')],
      [1, udpFrame(speaker, 5353, GROUP, 5353, cast, { ttl: 255 })],
      [2, udpFrame(speaker, 5000, end(ROUTER, '192.168.1.1'), 53, query)],
      [3, tcpFrame(syn(speaker, 8009, Flag.SYN | Flag.ACK))],
    ]).devices();
    expect(device).toMatchObject({
      mac: '02:11:22:33:44:55',
      randomised: true,
      vendor: null,
      name: 'Kitchen',
      kind: 'speaker',
      services: ['_googlecast._tcp', 'tcp/8009'],
      lookups: ['cloud.example.com'],
      packets: 4,
      online: true,
      first_seen: START,
      last_seen: START + 3,
    });
    expect(device.confidence).toBeGreaterThan(0.9);
    expect(device.evidence[0]).toMatch(/^declares its Cast model: “_googlecast._tcp .*md=Google Nest Mini/);
  });

  it('is not what it passes on of others', () => {
    const repeater = end(ROUTER, '192.168.1.1');
    const inventory = inventoryOf([
      [0, announcement('02:11:22:33:44:55', '192.168.1.30')],
      [1, udpFrame(repeater, 5353, GROUP, 5353, cast, { ttl: 255 })],
    ]);
    expect(inventory.device(ROUTER)?.services).toEqual([]);
  });

  it('is a login that it offers, whatever the port', () => {
    const router = end(ROUTER, '192.168.1.1');
    const camera = end(CAMERA, '192.168.1.20');
    const opening = { from: router, fromPort: 50_000, to: camera, toPort: 2323, seq: 9, ack: 0, window: 1000 };
    const answer = { from: camera, fromPort: 2323, to: router, toPort: 50_000, seq: 4, ack: 10, window: 1000 };
    const inventory = inventoryOf([
      [0, announcement(CAMERA, '192.168.1.20')],
      [1, tcpFrame({ ...opening, flags: Flag.SYN })],
      [2, tcpFrame({ ...answer, flags: Flag.SYN | Flag.ACK })],
      [3, tcpFrame({ ...answer, seq: 5, flags: Flag.ACK | Flag.PSH }, ascii('\xff\xfd\x18\xff\xfd\x20login: '))],
    ]);
    expect(inventory.device(CAMERA)?.services).toEqual(['telnet on tcp/2323']);
  });

  it('is the model that it names in CoIoT', () => {
    const plug = end('02:11:22:33:44:56', '192.168.1.31');
    const options = [0xb3, ...ascii('cit'), 0x01, ...ascii('s'), 0xed, 0x0b, 0xec, 3, ...ascii('SHPLG-S#3C2F01#2')];
    const told = Uint8Array.from([0x50, 30, 0, 1, ...options, 0xff, ...ascii('{"G":[]}')]);
    const group = groupEndpoint(parseIpv4('224.0.1.187'));
    const [device] = inventoryOf([[0, udpFrame(plug, 5683, group, 5683, told)]]).devices();
    expect(device).toMatchObject({ kind: 'plug', vendor: 'Shelly', mac: '02:11:22:33:44:56' });
    expect(device.evidence[0]).toBe("model number of Shelly's plugs: “SHPLG-S”");
  });

  it('is unknown rather than guessed from little', () => {
    const [device] = inventoryOf([[0, announcement('5c:cf:7f:00:00:01', '192.168.1.40')]]).devices();
    expect(device).toMatchObject({ vendor: 'Espressif', kind: 'unknown', confidence: 0, evidence: [] });
  });

  it('is text: control characters escaped, lengths and numbers bounded', () => {
    const hostile = '\u001b[2J<script>\r\n';
    const frames: Timed[] = [[0, discover(CAMERA, { ...UDHCP, hostname: hostile })]];
    for (let i = 0; i < 1000; i++) {
      const fingerprint = { ...UDHCP, hostname: `${i}${'x'.repeat(200)}` };
      frames.push([i, discover(CAMERA, fingerprint)]);
    }
    const inventory = inventoryOf(frames);
    expect(inventory.device(CAMERA)?.name).toBe('\\x1b[2J<script>\\x0d\\x0a');
    expect(inventory.counters.facts).toBe(1001 - 64);
  });

  it('comes from a UPnP description that passes by', () => {
    const xml =
      '<root><device><deviceType>urn:x</deviceType><friendlyName>Hall &lt;3</friendlyName><modelName>Network Camera</modelName></device></root>';
    const payload = ascii(`HTTP/1.1 200 OK\r\n\r\n${xml}`);
    const answer = { ...syn(end(CAMERA, '192.168.1.20'), 80, Flag.ACK | Flag.PSH), seq: 1, ack: 1 };
    const [device] = inventoryOf([[0, tcpFrame(answer, payload)]], {}).devices();
    expect(device).toMatchObject({ name: 'Hall &lt;3', kind: 'camera' });
  });
});

function syn(from: Endpoint, fromPort: number, flags: number): Parameters<typeof tcpFrame>[0] {
  return { from, fromPort, to: end(ROUTER, '192.168.1.1'), toPort: 50_000, seq: 0, ack: 0, flags, window: 1000 };
}

describe('a flood of made-up addresses', () => {
  it('is counted, and pushes nobody out who has been there', () => {
    const events: DeviceEvent[] = [];
    const inventory = createInventory({ maxDevices: 256, onEvent: (event) => events.push(event) });
    feed(inventory, [
      [0, announcement(CAMERA, '192.168.1.20')],
      [2, announcement(CAMERA, '192.168.1.20')],
    ]);
    const flood = function* (): Generator<Timed> {
      for (let i = 0; i < 100_000; i++) {
        const mac = `02:00:00:${hex(i >>> 16)}:${hex((i >>> 8) & 255)}:${hex(i & 255)}`;
        yield [3 + i / 1e6, announcement(mac, `10.${i >>> 16}.${(i >>> 8) & 255}.${i & 255}`)];
      }
    };
    feed(inventory, flood());
    expect(inventory.size).toBe(256);
    expect(inventory.counters.evicted).toBe(100_001 - 256);
    expect(inventory.ownerOf('192.168.1.20')).toBe(CAMERA);
    expect(inventory.ownerOf('10.0.0.9')).toBeNull();
    // Nobody is told of addresses that were seen once.
    expect(events.filter(({ type }) => type === 'device.found')).toEqual([
      { type: 'device.found', ts: START + 2, mac: CAMERA },
    ]);
    // And there is room for a guest afterwards.
    feed(inventory, [
      [60, announcement('00:17:88:00:00:01', '192.168.1.77')],
      [62, announcement('00:17:88:00:00:01', '192.168.1.77')],
    ]);
    expect(inventory.ownerOf('192.168.1.77')).toBe('00:17:88:00:00:01');
  });

  const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
});

describe('presence', () => {
  it('ends after long silence by the clock of the packets, and begins with the second word', () => {
    const events: DeviceEvent[] = [];
    const inventory = createInventory({ offlineAfterSeconds: 300, onEvent: (event) => events.push(event) });
    const clock = Array.from({ length: 200 }, (_, i): Timed => [i * 10, announcement(ROUTER, '192.168.1.1')]);
    const camera = (seconds: number): Timed => [seconds, announcement(CAMERA, '192.168.1.20')];
    const frames = [...clock, camera(0), camera(50), camera(1000), camera(1020)].sort(([a], [b]) => a - b);
    feed(inventory, frames);
    const changes = events.filter((event) => event.mac === CAMERA && /line$/.test(event.type));
    expect(changes).toEqual([
      { type: 'device.offline', ts: START + 360, mac: CAMERA },
      { type: 'device.online', ts: START + 1020, mac: CAMERA },
      { type: 'device.offline', ts: START + 1330, mac: CAMERA },
    ]);
  });

  it('is not lost over one packet with a wild time', () => {
    const inventory = inventoryOf([
      [0, announcement(CAMERA, '192.168.1.20')],
      [1e9, announcement(ROUTER, '192.168.1.1')],
      [5, announcement(CAMERA, '192.168.1.20')],
    ]);
    expect(inventory.devices().map(({ online, last_seen }) => [online, last_seen])).toEqual([
      [true, START + 5],
      [true, START],
    ]);
  });
});
