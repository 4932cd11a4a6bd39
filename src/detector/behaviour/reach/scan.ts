/**
 * Scans. Two tests, each for what the other cannot see:
 * - Threshold random walk (Jung, Paxson, Berger, Balakrishnan 2004): an ordinary device's first contact with a service
 *   nearly always succeeds, a scanner's mostly fails; sequential likelihood ratio over first contacts.
 * - Fan-out: many local addresses addressed for the first time within a minute, whether they answer or not.
 */
import type { Host } from '../../../feature/host.ts';
import type { Link } from '../../../feature/link.ts';
import { ARP_SENDER_IP, ARP_TARGET_IP, arpOperation, isEthernetArp } from '../../../packet/layers/link/arp.ts';
import { type Packet, PROTO_ICMP, PROTO_ICMPV6, PROTO_TCP, PROTO_UDP } from '../../../packet/packet.ts';
import type { EvidenceOf } from '../../evidence.ts';
import { getOrCreate } from '../../keyed.ts';
import { weightOfSilence } from '../access/line.ts';
import type { Behaviour, Context, Outcome } from '../behaviour.ts';
import { FewSet } from './few-set.ts';
import { Usual } from './usual.ts';

/** Chance that a first contact succeeds, of an ordinary device and of a scanner (the paper's), and the error rates. */
const BENIGN_SUCCESS = 0.8;
const SCANNER_SUCCESS = 0.2;
const FALSE_ALARM = 1e-5;
const DETECTION = 0.99;
const STEP = Math.log(BENIGN_SUCCESS / SCANNER_SUCCESS);
const CUT = Math.log(DETECTION / FALSE_ALARM);
/** A UDP service need not answer what it does not know: its silence is half a failure. */
const UDP_WEIGHT = 0.5;
/** The walk forgets: a failed first contact an hour is no scan. */
const FORGET = 3600;
const FAN_OUT_WINDOW = 60;
/** Local addresses in a minute: phones and hubs that look for friends reach a handful. ARP is asked more freely. */
const FAN_OUT = 12;
const FAN_OUT_ARP = 32;
const MOST_TARGETS = 2048;

interface Walk {
  ratio: number;
  updated: number;
  since: number;
  failures: number;
  /** Services contacted so far, `address:port`. */
  targets: FewSet<string>;
  hosts: FewSet<number>;
  /** First contacts by port; null up to the first. */
  ports: Map<number, number> | null;
  /** The port of most first contacts. */
  topPort: number;
  /** First contacts with local addresses in the last minute. */
  met: Recent | null;
  asked: Recent | null;
  greeted: FewSet<string>;
}

/** Times of the last minute, at most so many as targets are remembered. */
class Recent {
  private times: number[];
  private from = 0;

  constructor(ts: number) {
    this.times = [ts];
  }

  add(ts: number): void {
    this.times.push(ts);
    while (this.times[this.from] < ts - FAN_OUT_WINDOW || this.count > MOST_TARGETS) this.from++;
    if (this.from < MOST_TARGETS) return;
    this.times = this.times.slice(this.from);
    this.from = 0;
  }

  get count(): number {
    return this.times.length - this.from;
  }

  get since(): number {
    return this.times[this.from];
  }
}

export function createScan(): Behaviour {
  const walks = new WeakMap<Host, Walk>();
  const usual = new Usual();

  const newWalk = (ts: number): Walk => ({
    ratio: 0,
    updated: ts,
    since: ts,
    failures: 0,
    targets: new FewSet(),
    hosts: new FewSet(),
    ports: null,
    topPort: 0,
    met: null,
    asked: null,
    greeted: new FewSet(),
  });
  const walkOf = (host: Host, ts: number): Walk => getOrCreate(walks, host, () => newWalk(ts));

  /** Past maxima raise the bar: a monitoring server that sweeps its network does so every day. */
  const barOf = (key: string, bar: number): number => Math.max(bar, 2 * (usual.of(key) ?? 0));

  function firstContact(link: Link, outcome: Outcome, context: Context): void {
    const { channel } = link;
    const { orig, resp, port, proto } = channel;
    if (resp.scope === 'multicast' || proto === PROTO_ICMP || proto === PROTO_ICMPV6) return;
    const walk = walkOf(orig, context.ts);
    const target = `${resp.id}:${port}:${proto}`;
    if (walk.targets.has(target)) return;
    if (walk.targets.size < MOST_TARGETS) walk.targets.add(target);
    const silence = outcome === 'unanswered' && resp.scope === 'external' ? weightOfSilence(orig, context.ts) : 1;
    const weight = silence * (proto === PROTO_UDP ? UDP_WEIGHT : 1);
    walk.ratio *= Math.exp(-Math.max(0, context.ts - walk.updated) / FORGET);
    walk.updated = context.ts;
    if (walk.ratio < STEP / 2) {
      walk.since = link.start;
      walk.failures = 0;
      walk.hosts.clear();
      walk.ports = null;
    }
    const failed = outcome !== 'answered';
    walk.ratio = Math.max(0, walk.ratio + (failed ? STEP : -STEP) * weight);
    if (failed) walk.failures++;
    walk.hosts.add(resp.id);
    walk.ports ??= new Map();
    const { ports } = walk;
    const contacts = (ports.get(port) ?? 0) + 1;
    ports.set(port, contacts);
    if (contacts > (ports.get(walk.topPort) ?? 0)) walk.topPort = port;
    const key = `walk ${orig.address}`;
    const bar = barOf(key, CUT);
    if (context.learning) usual.learn(key, Math.min(walk.ratio, CUT));
    if (walk.ratio < bar) return;
    context.report({
      kind: 'scan',
      detector: 'scan',
      host: orig,
      target: walk.hosts.size === 1 ? resp : null,
      ts: context.ts,
      since: walk.since,
      strength: walk.ratio - bar,
      evidence: {
        addresses: walk.hosts.size,
        ports: ports.size,
        port: walk.topPort,
        failed: walk.failures,
        seconds: context.ts - walk.since,
        proto: proto === PROTO_TCP ? 'tcp' : 'udp',
      },
    });
  }

  function fanOut(
    host: Host,
    walk: Walk,
    address: string,
    arp: boolean,
    how: EvidenceOf['scan']['proto'],
    context: Context,
  ): void {
    const { ts } = context;
    const greeting = arp ? `arp ${address}` : address;
    if (walk.greeted.has(greeting)) return;
    if (walk.greeted.size < MOST_TARGETS) walk.greeted.add(greeting);
    const which = arp ? 'asked' : 'met';
    const recent = walk[which];
    if (recent === null) walk[which] = new Recent(ts);
    else recent.add(ts);
    const { count, since } = walk[which]!;
    const key = `fan-out ${arp ? 'arp ' : ''}${host.address}`;
    const limit = arp ? FAN_OUT_ARP : FAN_OUT;
    // Everything is met for the first time while it learns, so only a crowd counts then.
    const bar = context.learning ? 3 * limit : barOf(key, limit);
    if (context.learning) usual.learn(key, Math.min(count, bar));
    if (count < bar) return;
    context.report({
      kind: 'scan',
      detector: 'scan',
      host,
      target: null,
      ts,
      since,
      strength: STEP * (count - bar),
      evidence: { addresses: count, ports: 1, seconds: ts - since, proto: how },
    });
  }

  return {
    name: 'scan',
    outcome: firstContact,
    start(link, context) {
      const { orig, resp, proto } = link.channel;
      if (resp.scope !== 'local' || orig === resp) return;
      const how = proto === PROTO_TCP ? 'tcp' : proto === PROTO_UDP ? 'udp' : 'ping';
      fanOut(orig, walkOf(orig, context.ts), resp.address, false, how, context);
    },
    frame(packet: Packet, context) {
      if (!isEthernetArp(packet) || arpOperation(packet) !== 1) return;
      const sender = packet.view.getInt32(packet.arpOffset + ARP_SENDER_IP);
      const target = packet.view.getInt32(packet.arpOffset + ARP_TARGET_IP);
      // A probe (RFC 5227) has no sender yet, an announcement asks for its own address.
      if (sender === 0 || sender === target) return;
      const host = context.hosts.word(sender, context.ts);
      const asked = context.hosts.word(target, context.ts);
      fanOut(host, walkOf(host, context.ts), asked.address, true, 'arp', context);
    },
    save: () => usual.save(),
    load: (state) => usual.load(state as [string, number][]),
  };
}
