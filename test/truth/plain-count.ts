/**
 * The numbers of an alert, counted again from the packets between its start and its latest sign. Written for the tests
 * alone, in the plainest way: what a patient person with a packet viewer would count.
 */
import type { Alert } from '../../src/alert/alert.ts';
import { plainLogins } from './plain-logins.ts';
import { plainMqtt } from './plain-mqtt.ts';
import { plainNames } from './plain-names.ts';
import type { PlainPacket } from './plain-packets.ts';

const [SYN, ACK, FIN_RST] = [0x02, 0x10, 0x05];
/** Counts within 2 %, intervals within 5 %: the tolerances of the evaluation. */
const COUNT = 0.02;
const INTERVAL = 0.05;
/** Time as it is printed in a capture: to the microsecond. */
const TICK = 2e-6;

export interface Claim {
  name: string;
  said: number;
  counted: number;
  isTrue: boolean;
}

const within = (said: number, counted: number, tolerance: number): boolean =>
  Math.abs(said - counted) <= Math.max(tolerance * counted, 1e-9);
const exactly = (name: string, said: number, counted: number): Claim => ({
  ...{ name, said, counted },
  isTrue: within(said, counted, COUNT),
});
const interval = (name: string, said: number, counted: number): Claim => ({
  ...{ name, said, counted },
  isTrue: within(said, counted, INTERVAL),
});
/** "At least so many", or, of a spread, "at most". */
const atLeast = (name: string, said: number, counted: number): Claim => ({
  name,
  said,
  counted,
  isTrue: said <= (1 + COUNT) * counted,
});

const isStart = ({ proto, flags }: PlainPacket): boolean => proto === 'tcp' && (flags & (SYN | ACK)) === SYN;
/** The broadcast address of a network can only be told of those at home. */
const isMulticast = (address: string): boolean =>
  /^(22[4-9]|23\d|255)\.|^ff|^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\..*\.255$/i.test(address);
const different = (values: Iterable<string | number>): number => new Set(values).size;

/** First packets to a service: SYNs, and datagrams that begin an exchange. */
function contacts(packets: readonly PlainPacket[], own: string, proto: string): PlainPacket[] {
  const seen = new Set<string>();
  return packets.filter((packet) => {
    const { src, dst, sport, dport } = packet;
    if (packet.proto !== proto) return false;
    if (proto === 'tcp') return src === own && isStart(packet);
    const [there, back] = [`${src}:${sport}>${dst}:${dport}`, `${dst}:${dport}>${src}:${sport}`];
    const isFirst = !seen.has(there) && !seen.has(back);
    seen.add(there);
    return isFirst && src === own;
  });
}

/** Those of a service that returned no word of the protocol, or a reset. */
function unanswered(packets: readonly PlainPacket[], starts: readonly PlainPacket[]): number {
  const answered = new Set(
    packets
      .filter(({ proto, flags }) => proto === 'udp' || (flags & (SYN | ACK)) === (SYN | ACK))
      .map(({ src, sport, dst }) => `${src}:${sport}>${dst}`),
  );
  return different(
    starts
      .filter(({ src, dst, dport }) => !answered.has(`${dst}:${dport}>${src}`))
      .map(({ dst, dport }) => `${dst}:${dport}`),
  );
}

function scan(packets: readonly PlainPacket[], own: string, target: string | undefined, evidence: Numbers): Claim[] {
  const { proto } = evidence;
  if (proto === 'arp') {
    const asked = packets.filter((packet) => packet.proto === 'arp' && packet.isRequest && packet.src === own);
    return [exactly('addresses', num(evidence.addresses), different(asked.map(({ dst }) => dst)))];
  }
  const tried = packets.filter(({ src, dst }) => src === own && !isMulticast(dst) && dst !== own);
  if (proto === 'ping') {
    const pinged = tried.filter((packet) => packet.proto === 'icmp' || isStart(packet) || packet.proto === 'udp');
    const compare = evidence.at_least ? atLeast : exactly;
    return [compare('addresses', num(evidence.addresses), different(pinged.map(({ dst }) => dst)))];
  }
  const all = contacts(packets, own, String(proto)).filter(({ dst }) => !isMulticast(dst));
  const failed =
    evidence.failed === undefined ? [] : [atLeast('failed', num(evidence.failed), unanswered(packets, all))];
  const few = evidence.port_list === undefined ? [evidence.port] : String(evidence.port_list).split(', ').map(Number);
  if (evidence.addresses === 1) {
    const ports = all.filter(({ dst }) => target === undefined || dst === target).map(({ dport }) => dport);
    return [exactly('ports', num(evidence.ports), different(ports)), ...failed];
  }
  const about = evidence.ports === few.length ? all.filter(({ dport }) => few.includes(dport)) : all;
  return [
    exactly('addresses', num(evidence.addresses), different(about.map(({ dst }) => dst))),
    exactly('ports', num(evidence.ports), different(about.map(({ dport }) => dport))),
    ...failed,
  ];
}

/** Half the width that holds the middle two thirds. */
function spread(sorted: readonly number[]): number {
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))];
  return (at(0.84) - at(0.16)) / 2;
}

/** Connections that were under way when the capture began: the first packet of each. */
function underWay(packets: readonly PlainPacket[]): Set<PlainPacket> {
  const seen = new Set<string>();
  const first = new Set<PlainPacket>();
  for (const packet of packets) {
    const { proto, src, dst, sport, dport, flags } = packet;
    if (proto !== 'tcp') continue;
    const ways = [`${src}:${sport}>${dst}:${dport}`, `${dst}:${dport}>${src}:${sport}`];
    if (!ways.some((way) => seen.has(way)) && (flags & SYN) === 0) first.add(packet);
    seen.add(ways[0]);
  }
  return first;
}

function clock(
  packets: readonly PlainPacket[],
  begun: ReadonlySet<PlainPacket>,
  own: string,
  target: string,
  evidence: Numbers,
): Claim[] {
  const there = packets.filter(({ src, dst, dport }) => src === own && dst === target && dport === evidence.port);
  const size = num(evidence.bytes);
  const isSized = ({ length }: PlainPacket): boolean => Math.abs(Math.log1p(length) - Math.log1p(size)) < 0.1;
  const events = evidence.inside
    ? there.filter(({ length }) => length > 0)
    : evidence.sized && size > 0
      ? firstRequests(there).filter(isSized)
      : there.filter((packet) => isStart(packet) || begun.has(packet));
  const ticks = events.filter(({ ts }, i) => i === 0 || ts - events[i - 1].ts >= 0.5).map(({ ts }) => ts);
  const gaps = ticks
    .slice(1)
    .map((ts, i) => ts - ticks[i])
    .sort((a, b) => a - b);
  const median = gaps[gaps.length >> 1];
  return [
    exactly('times', num(evidence.times), ticks.length),
    ...(evidence.events === undefined ? [] : [exactly('events', num(evidence.events), events.length)]),
    interval('period', num(evidence.period), median),
    {
      ...{ name: 'jitter', said: num(evidence.jitter), counted: spread(gaps) },
      isTrue: Math.abs(num(evidence.jitter) - spread(gaps)) <= INTERVAL * median,
    },
  ];
}

/** The first packet with data of each connection. */
function firstRequests(packets: readonly PlainPacket[]): PlainPacket[] {
  const first = new Map<string, PlainPacket>();
  for (const packet of packets) {
    const { src, sport, dst, dport, length } = packet;
    const key = `${src}:${sport}>${dst}:${dport}`;
    if (isStart(packet)) first.delete(key);
    if (length > 0 && !first.has(`${key} ${first.size}`)) first.set(`${key} ${first.size}`, packet);
  }
  return [...first.values()];
}

function heldOpen(packets: readonly PlainPacket[], own: string, target: string, port: number): number {
  const open = new Map<number, boolean>();
  let most = 0;
  for (const { src, dst, sport, dport, flags, length } of packets) {
    if (src === own && dst === target && dport === port) {
      if (length > 0) open.set(sport, true);
      if ((flags & FIN_RST) !== 0) open.delete(sport);
    } else if (src === target && dst === own && sport === port && (length > 0 || (flags & FIN_RST) !== 0))
      open.delete(dport);
    most = Math.max(most, open.size);
  }
  return most;
}

function flood(packets: readonly PlainPacket[], own: string, target: string, evidence: Numbers): Claim[] {
  const isPing = evidence.proto === 'ping';
  const isThere = ({ proto, dport }: PlainPacket): boolean => (isPing ? proto === 'icmp' : dport === evidence.port);
  if (evidence.callers !== undefined) {
    const isCall = ({ sport, dport }: PlainPacket): boolean =>
      evidence.reflected ? sport === evidence.port || sport < 0 : dport === evidence.port;
    const called = packets.filter((packet) => packet.dst === own && isCall(packet));
    return [
      (evidence.reflected ? atLeast : exactly)(
        'callers',
        num(evidence.callers),
        different(called.map(({ src }) => src)),
      ),
    ];
  }
  const sent = packets.filter((packet) => packet.src === own && packet.dst === target && isThere(packet));
  if (evidence.unit === 'packets') return [exactly('packets', num(evidence.packets), sent.length)];
  const begun = sent.some(({ proto }) => proto === 'tcp')
    ? sent.filter(isStart).length
    : different(sent.map(({ sport }) => sport));
  return [exactly('connections', num(evidence.connections), begun)];
}

type Numbers = Readonly<Record<string, number | string | undefined>>;
const num = (value: number | string | undefined): number => Number(value);

/** Every number of the alert that the packets can show; what is compared with a past is not in them. */
export function claimsOf(alert: Alert, all: readonly PlainPacket[]): Claim[] {
  const { kind, hosts = [] } = alert;
  const evidence: Numbers = alert.evidence;
  const told = alert.told_ts ?? alert.end_ts;
  // Where one thing was told under another name before, the alert began earlier than what its sentence counts.
  const from = evidence.seconds === undefined ? alert.ts : Math.max(alert.ts, told - num(evidence.seconds));
  const packets = all.filter((packet) => packet.ts >= from - TICK && packet.ts <= told + TICK);
  const [own, target = ''] = hosts;
  const numbers = (): Claim[] => {
    switch (kind) {
      case 'scan':
        return scan(packets, own, hosts[1], evidence);
      case 'brute-force': {
        const { attempts, refused } = plainLogins(packets, own, target, num(evidence.port));
        return [
          exactly('attempts', num(evidence.attempts), attempts),
          exactly('refused', num(evidence.refused), refused),
        ];
      }
      case 'beacon': {
        if (evidence.calls === undefined) return clock(packets, underWay(all), own, target, evidence);
        const answered = new Set(
          packets.filter(({ proto, dst }) => proto === 'tcp' && dst === own).map(({ src }) => src),
        );
        const calls = packets.filter((packet) => packet.src === own && isStart(packet) && !answered.has(packet.dst));
        return [
          exactly('calls', num(evidence.calls), calls.length),
          exactly('addresses', num(evidence.addresses), different(calls.map(({ dst }) => dst))),
        ];
      }
      case 'flood':
        return flood(packets, own, target, evidence);
      case 'slow-dos':
        return [exactly('open', num(evidence.open), heldOpen(packets, own, target, num(evidence.port)))];
      case 'exfiltration': {
        const sent = packets.filter(({ src, dst }) => src === own && dst === target);
        return [
          exactly(
            'bytes',
            num(evidence.bytes),
            sent.reduce((sum, { length }) => sum + length, 0),
          ),
        ];
      }
      case 'protocol-abuse': {
        const sent = plainMqtt(packets.filter(({ src, dst }) => src === own && dst === target));
        return (['messages', 'topics', 'connections'] as const).map((name) =>
          exactly(name, num(evidence[name]), sent[name]),
        );
      }
      case 'dns-tunnel':
      case 'generated-names':
        return plainNames(packets, own, kind, evidence).map(([name, said, counted]) =>
          name === 'period' ? interval(name, said, counted) : exactly(name, said, counted),
        );
      case 'spoofing': {
        if (evidence.claims === undefined) return [];
        const { address, mac, answers: told = 0 } = evidence;
        const arp = packets.filter(({ proto }) => proto === 'arp');
        const claims = arp.filter((packet) => packet.src === address && packet.mac === mac);
        const answers = arp.filter((packet) => packet.dst === address && packet.toMac === mac && !packet.isRequest);
        return [
          exactly('claims', num(evidence.claims), claims.length),
          ...(num(told) > 0 ? [exactly('answers', num(told), answers.length)] : []),
        ];
      }
      default:
        return [];
    }
  };
  return numbers();
}
