/** Traffic of a few hosts that meets every way of a connection table: made by chance, the same for the same seed. */
import type { Endpoint } from '../../src/simulator/wire/address.ts';
import { arpAnnouncement } from '../../src/simulator/wire/arp.ts';
import { Flag, tcpFrame } from '../../src/simulator/wire/tcp.ts';
import { udpFrame } from '../../src/simulator/wire/udp.ts';
import type { TestFrame } from '../capture/write-capture.ts';
import { type Dice, dice } from './mutate.ts';

const { FIN, SYN, RST, PSH, ACK } = Flag;
const FLAGS = [ACK, ACK, ACK, PSH | ACK, SYN | ACK, FIN | ACK, RST | ACK, RST, FIN, SYN, 0, SYN | FIN, FIN | RST, 0xc2];
/** Beginnings that wrap soon, or look negative. */
const STARTS = [1000, 0xfffffff0, 0x7ffffff0, 5];
const STEPS = [0, 1, 1, 1, 2, 5, 101, 3000];
const PORTS = [
  [1000, 1001],
  [53, 5353, 137, 40_000, 40_001],
  [123, 123, 53, 40_000],
  [4789, 2152, 3544, 6081, 40_000],
  [22, 21, 80, 443, 6666, 9999, 1900, 41_000],
  Array.from({ length: 400 }, (_, i) => 30_000 + i),
  Array.from({ length: 4000 }, (_, i) => 20_000 + i),
];
/** Tags before the EtherType, four bytes each: none, priority, VLAN, QinQ. */
const TAGS = [[[]], [[], [0x81000005]], [[], [0x81000000], [0x8100a003]], [[], [0x88a80002, 0x81000003], [0x81000007]]];
const PAYLOADS = ['', 'x', 'GET / HTTP/1.1\r\nHost: h\r\n\r\n', 'SSH-2.0-x\r\n', '220 x\r\n', '<x>', '#'.repeat(100)];
/** NTP's client and server, a DNS question. */
const DATAGRAMS = [
  Uint8Array.of(0x23, ...new Uint8Array(47)),
  Uint8Array.of(0x24, ...new Uint8Array(47)),
  Uint8Array.of(0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 97, 1, 98, 0, 0, 1, 0, 1),
];
const HOP_LIMITS = [64, 64, 64, 63, 128];

const pick = <T>(random: Dice, list: readonly T[]): T => list[random.int(list.length)];

/** `count` frames, in the order of their times most of the time. */
export function randomTraffic(seed: number, count: number): TestFrame[] {
  const random = dice(seed);
  const hosts = Array.from({ length: pick(random, [2, 3, 8, 30]) }, (_, i) => i + 1);
  const ports = pick(random, PORTS);
  const tags = pick(random, TAGS);
  const step = pick(random, [10, 1000, 1e6, 5e6, 3e7]);
  const percent = { tcp: pick(random, [0, 50, 90]), ipv6: pick(random, [0, 30]), damage: pick(random, [0, 5]) };
  const jumps = pick(random, [0, 1]);
  const starts = new Map<string, number>();
  const frames: TestFrame[] = [];
  let ts = 1.6e15;
  for (let i = 0; i < count; i++) {
    ts += random.int(step);
    if (random.int(100) < jumps) ts += pick(random, [-3000, -600, -10, 100, 520, 90_000]) * 1e6;
    const isIpv6 = random.int(100) < percent.ipv6;
    const from = station(random, pick(random, hosts), isIpv6);
    if (random.int(40) === 0 && !isIpv6) {
      frames.push({ ts, bytes: arpAnnouncement(from) });
      continue;
    }
    const to = station(random, pick(random, hosts), isIpv6);
    const [fromPort, toPort] = [pick(random, ports), pick(random, ports)];
    const isTcp = random.int(100) < percent.tcp;
    const plain = isTcp
      ? segment(random, { from, fromPort, to, toPort }, starts)
      : udpFrame(from, fromPort, to, toPort, random.int(3) === 0 ? pick(random, DATAGRAMS) : text(random)).slice();
    const bytes = tagged(plain, pick(random, tags));
    if (random.int(100) < percent.damage) bytes[random.int(bytes.length)] ^= 1 << random.int(8);
    frames.push({ ts, bytes });
  }
  return frames;
}

/** Some speak for others too, from an address of theirs or of the internet. */
function station(random: Dice, number: number, isIpv6: boolean): Endpoint {
  const own = random.int(10) === 0 ? number + 1 : number;
  const first = random.int(10) === 0 ? 8 : 192;
  const ip = isIpv6
    ? Uint8Array.of(0xfe, 0x80, ...new Uint8Array(13), own)
    : Uint8Array.of(first, first === 8 ? 8 : 168, 1, own);
  return {
    ip,
    mac: Uint8Array.of(2, 0, 0, 0, 0, number),
    ttl: pick(random, HOP_LIMITS),
    padded: false,
    nextId: () => 0,
  };
}

const text = (random: Dice): Uint8Array => Uint8Array.from(Buffer.from(pick(random, PAYLOADS)));

interface Ends {
  from: Endpoint;
  fromPort: number;
  to: Endpoint;
  toPort: number;
}

function segment(random: Dice, ends: Ends, starts: Map<string, number>): Uint8Array {
  const name = ({ ip }: Endpoint, port: number): string => `${ip.at(-1)}:${port}`;
  const [one, other] = [name(ends.from, ends.fromPort), name(ends.to, ends.toPort)];
  const start = starts.get(`${one} ${other}`) ?? pick(random, STARTS);
  starts.set(`${one} ${other}`, start);
  const flags = random.int(2) === 0 ? SYN : pick(random, FLAGS);
  const isSyn = (flags & SYN) !== 0;
  const seq = (start + (isSyn ? pick(random, [0, 0, 0, 1000]) : pick(random, STEPS))) >>> 0;
  const ack = (flags & ACK) === 0 ? 0 : ((starts.get(`${other} ${one}`) ?? 0) + pick(random, STEPS)) >>> 0;
  const payload = isSyn && random.int(50) > 0 ? new Uint8Array(0) : text(random);
  return tcpFrame({ ...ends, seq, ack, flags, window: pick(random, [0, 100, 100]) }, payload).slice();
}

function tagged(frame: Uint8Array, tags: readonly number[]): Uint8Array {
  const words = tags.flatMap((tag) => [tag >>> 24, (tag >>> 16) & 0xff, (tag >>> 8) & 0xff, tag & 0xff]);
  return Uint8Array.of(...frame.subarray(0, 12), ...words, ...frame.subarray(12));
}
