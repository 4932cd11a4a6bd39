/** Floods that try to exhaust a sensor, frame by frame; a frame is valid until the next one. */
import type { Endpoint } from '../../src/simulator/wire/address.ts';
import { BROADCAST, UNSPECIFIED4 } from '../../src/simulator/wire/address.ts';
import { DhcpType, dhcpClientMessage } from '../../src/simulator/wire/application/dhcp.ts';
import { arpAnnouncement } from '../../src/simulator/wire/arp.ts';
import { Flag, tcpFrame } from '../../src/simulator/wire/tcp.ts';
import { udpFrame } from '../../src/simulator/wire/udp.ts';

const MILLION = 1_000_000;

const station = (ip: ArrayLike<number>, mac: ArrayLike<number>): Endpoint => ({
  ip: Uint8Array.from(ip),
  mac: Uint8Array.from(mac),
  ttl: 64,
  padded: false,
  nextId: () => 1,
});
const router = [2, 0, 0, 0, 0, 1];
const gateway = station([10, 0, 0, 1], router);
const bot = station([10, 0, 0, 66], [2, 0, 0, 0, 0, 66]);
const camera = station([10, 0, 0, 2], [2, 0, 0, 0, 0, 2]);
const byte = new Uint8Array(1);

const numbered = (net: number, i: number): number[] => [net, (i >> 16) & 255, (i >> 8) & 255, i & 255];

const knock = (from: Endpoint, fromPort: number, to: Endpoint, toPort: number): Uint8Array =>
  tcpFrame({ from, fromPort, to, toPort, seq: 1, ack: 0, flags: Flag.SYN, window: 1024 });

export const floods = {
  /** A million sources, each with a connection of its own, through the router. */
  *sources() {
    for (let i = 0; i < MILLION; i++) {
      yield udpFrame(station(numbered(11, i), router), 1024 + (i % 60_000), camera, 9999, byte);
    }
  },
  /** A million connections between two hosts. */
  *connections() {
    for (let i = 0; i < MILLION; i++)
      yield udpFrame(bot, 1024 + (i % 60_000), gateway, 20_000 + Math.floor(i / 60_000), byte);
  },
  /** Ports that a weak hash puts into few places, whatever its seed. */
  *collisions() {
    for (let i = 0; i < 60_000; i++) yield udpFrame(bot, 2000 + i, gateway, 2000 + i, byte);
    for (let i = 0; i < 60_000; i++) yield udpFrame(bot, 2000 + i, gateway, 65_535 - i, byte);
    for (let i = 0; i < 60_000; i++) yield udpFrame(bot, 2000 + (i & 255) * 64, gateway, 1 + (i >> 8) * 256, byte);
  },
  /** A hundred thousand devices that announce themselves and ask for an address, each under a name of its own. */
  *devices() {
    for (let i = 0; i < 100_000; i++) {
      const mac = Uint8Array.of(6, 0, 0, (i >> 16) & 255, (i >> 8) & 255, i & 255);
      yield arpAnnouncement(station(numbered(10, i + 1000), mac));
      const fingerprint = { hostname: `host-${i}`, vendorClass: null, requestList: [1, 3, 6] };
      const request = dhcpClientMessage({ type: DhcpType.REQUEST, mac, transaction: i, fingerprint });
      yield udpFrame(station(UNSPECIFIED4, mac), 68, BROADCAST, 67, request);
    }
  },
  /** One SYN each from a hundred thousand made-up senders of the internet, or of this network, to one service. */
  *outsiders() {
    for (let i = 0; i < 100_000; i++)
      yield knock(station(numbered(52, i * 7), router), 1024 + (i % 60_000), camera, 80);
  },
  *insiders() {
    // Even addresses: 255 at the end is the broadcast address, and no device.
    for (let i = 0; i < 100_000; i++)
      yield knock(station(numbered(10, 256 + i * 6), router), 1024 + (i % 60_000), camera, 80);
  },
  /** SYNs to every address of a /16, from a device of the home. */
  *scan() {
    for (let i = 0; i < 65_536; i++) {
      yield knock(bot, 40_000, station(numbered(172, (16 << 16) | i), router), 23);
    }
  },
} satisfies Record<string, () => Generator<Uint8Array>>;

export type FloodKind = keyof typeof floods;
