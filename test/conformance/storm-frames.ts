/** What a rule may be fed by one hostile device, event by event, each different from the ones before. */
import type { Endpoint } from '../../src/simulator/wire/address.ts';
import { BROADCAST, UNSPECIFIED4 } from '../../src/simulator/wire/address.ts';
import { DhcpType, dhcpClientMessage } from '../../src/simulator/wire/application/dhcp.ts';
import {
  dnsMessage,
  QUERY_FLAGS,
  RESPONSE_FLAGS,
  RecordType,
  ResponseCode,
} from '../../src/simulator/wire/application/dns.ts';
import { arpAnnouncement, arpRequest } from '../../src/simulator/wire/arp.ts';
import { echoFrame } from '../../src/simulator/wire/icmp.ts';
import { Flag, tcpFrame } from '../../src/simulator/wire/tcp.ts';
import { udpFrame } from '../../src/simulator/wire/udp.ts';

const station = (ip: ArrayLike<number>, mac: ArrayLike<number>): Endpoint => ({
  ip: Uint8Array.from(ip),
  mac: Uint8Array.from(mac),
  ttl: 64,
  padded: false,
  nextId: () => 1,
});
const router = station([10, 0, 0, 1], [2, 0, 0, 0, 0, 1]);
const bot = station([10, 0, 0, 66], [2, 0, 0, 0, 0, 66]);
const camera = station([10, 0, 0, 2], [2, 0, 0, 0, 0, 2]);

const host = (i: number): Endpoint => station([52, (i >> 16) & 255, (i >> 8) & 255, i & 255], [2, 0, 0, 0, 0, 1]);
/** A label that no person would choose, another for each number. */
const label = (i: number): string => `q${((i * 2_654_435_761) >>> 0).toString(36)}zx${i.toString(36)}`;
const segment = (
  from: Endpoint,
  fromPort: number,
  to: Endpoint,
  toPort: number,
  flags: number,
  length = 0,
): Uint8Array => tcpFrame({ from, fromPort, to, toPort, seq: 1, ack: 1, flags, window: 1024 }, new Uint8Array(length));
const port = (i: number): number => 1024 + (i % 60_000);

export const storms: Record<string, (index: number) => Uint8Array> = {
  'new names under one domain': (i) => {
    const questions = [{ name: `${label(i)}.t.example.com`, type: RecordType.TXT }];
    return udpFrame(bot, port(i), router, 53, dnsMessage({ id: i & 0xffff, flags: QUERY_FLAGS, questions }));
  },
  'new domains, all of them asked for': (i) => {
    const questions = [{ name: `www.${label(i)}.com`, type: RecordType.A }];
    return udpFrame(bot, port(i), router, 53, dnsMessage({ id: i & 0xffff, flags: QUERY_FLAGS, questions }));
  },
  'domains that do not exist': (i) => {
    const questions = [{ name: `${label(i)}.com`, type: RecordType.A }];
    const flags = RESPONSE_FLAGS | ResponseCode.NXDOMAIN;
    return udpFrame(router, 53, bot, 4000, dnsMessage({ id: i & 0xffff, flags, questions }));
  },
  'calls to new addresses': (i) => segment(bot, port(i), host(i), 23, Flag.SYN),
  'calls to all ports of one device': (i) => segment(bot, 40_000, camera, 1 + (i % 65_535), Flag.SYN),
  refusals: (i) => segment(camera, 1 + (i % 65_535), bot, 40_000, Flag.RST | Flag.ACK),
  'calls of one service': (i) => segment(bot, port(i), camera, 22, i % 3 === 0 ? Flag.SYN : Flag.ACK, (i % 3) * 50),
  'messages to a broker': (i) =>
    segment(bot, port(i >> 2), camera, 1883, i % 4 === 0 ? Flag.SYN : Flag.ACK, (i % 4) * 9),
  'datagrams to new addresses': (i) => udpFrame(bot, port(i), host(i), 9999, new Uint8Array(64)),
  'uploads to new addresses': (i) => segment(bot, port(i), host(i), 443, Flag.ACK | Flag.PSH, 1400),
  'claims of new addresses': (i) => arpAnnouncement(station([10, 0, (i >> 8) & 255, i & 255], bot.mac)),
  'claims of one address': (i) =>
    arpAnnouncement(station(camera.ip, [6, 0, 0, (i >> 16) & 255, (i >> 8) & 255, i & 255])),
  'questions for new addresses': (i) => arpRequest(bot, Uint8Array.of(10, 0, (i >> 8) & 255, i & 255)),
  'requests of an address': (i) => {
    const mac = Uint8Array.of(6, 0, 0, (i >> 16) & 255, (i >> 8) & 255, i & 255);
    const fingerprint = { hostname: `host-${i}`, vendorClass: null, requestList: [1, 3, 6] };
    const message = dhcpClientMessage({ type: DhcpType.REQUEST, mac, transaction: i, fingerprint });
    return udpFrame(station(UNSPECIFIED4, mac), 68, BROADCAST, 67, message);
  },
  'pings of new addresses': (i) => echoFrame(bot, host(i), false, 1, i & 0xffff, new Uint8Array(64)),
};
