/**
 * Scans. Two tests, each for what the other cannot see:
 * - Threshold random walk (Jung, Paxson, Berger, Balakrishnan 2004): an ordinary device's first contact with a service
 *   nearly always succeeds, a scanner's mostly fails; sequential likelihood ratio over first contacts.
 * - Fan-out: many local addresses called for the first time within a minute that do not answer. Servers that look after
 *   the house call as many, but what they call is there.
 */
import type { Host } from '../../../feature/host.ts';
import type { Channel, Link } from '../../../feature/link.ts';
import {
  ARP_SENDER_IP,
  ARP_SENDER_MAC,
  ARP_TARGET_IP,
  arpOperation,
  isEthernetArp,
} from '../../../packet/layers/link/arp.ts';
import { type Packet, PROTO_ICMP, PROTO_ICMPV6, PROTO_TCP, PROTO_UDP } from '../../../packet/packet.ts';
import type { EvidenceOf } from '../../evidence.ts';
import { getOrCreate } from '../../keyed.ts';
import { macNumber } from '../../link-address.ts';
import { weightOfSilence } from '../access/line.ts';
import type { Behaviour, Context, Outcome } from '../behaviour.ts';
import { Asked } from './asked.ts';
import { Attempts, type Transport } from './attempts.ts';
import { Concentration } from './concentration.ts';
import { FanOut } from './fan-out.ts';
import { FewSet } from './few-set.ts';
import { Routers } from './routers.ts';
import { type SavedUsual, Usual } from './usual.ts';

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
/** High ports outside: chance that a peer of a file-sharing program or a game answers, and an address that a worm tries. */
const UNPRIVILEGED = 1024;
const PEER_SUCCESS = 0.3;
const PREY_SUCCESS = 0.05;
/** Who has reached so many is one of them. */
const FEWEST_PEERS = 2;
const ORDINARY = { up: STEP, down: STEP };
const PEERS = {
  up: Math.log((1 - PREY_SUCCESS) / (1 - PEER_SUCCESS)),
  down: Math.log(PEER_SUCCESS / PREY_SUCCESS),
};
const MOST_PAIRS = 16_384;
/** Times the most of the past. */
const PAST_FACTOR = 2;
const FAN_OUT_WINDOW = 60;
/** Local addresses in a minute: phones and hubs that look for friends reach a handful. ARP is asked more freely. */
const FAN_OUT = 12;
const FAN_OUT_ARP = 32;
const MOST_TARGETS = 2048;
/** Addresses that nobody has, asked for by ARP: a home has given away some dozens at the most. */
const NOBODYS = 48;
/** New acquaintances of a minute that are everyday life, and no part of what may begin with the next. */
const FEW = 3;
/** Reported again when it has grown by so much: numbers stay true within it. */
const GROWTH = 1.01;

/**
 * A program that talks to its peers from one socket knocks at many doors with it until one opens: of a socket that
 * anybody outside has answered a failure says a tenth.
 */
const KNOCK = 0.1;
const MOST_SOCKETS = 64;
/** Bytes of options in a TCP segment (RFC 9293, section 3.1). */
const MOST_OPTIONS = 40;

interface Walk {
  ratio: number;
  updated: number;
  /** Services contacted so far, `address:port`. */
  targets: FewSet<string>;
  /** What it tries, judged or not, and how much of it is known to have failed. */
  attempts: Attempts;
  failures: Record<Transport, number>;
  /** How large it was when it was reported last; 0: not in this episode. */
  told: number;
  strength: number;
  /** First contacts with local addresses in the last minute. */
  met: Recent | null;
  asked: Recent | null;
  greeted: FewSet<string>;
  /** Ports of its own UDP sockets that somebody outside has answered. */
  sockets: FewSet<number>;
  /** Calls to local addresses of the last minute, and who has answered. */
  fan: FanOut | null;
  arp: Asked | null;
  /** Of first contacts with the outside. */
  outside: Concentration | null;
  /** Those of them at high ports that answered. */
  peers: number;
}

/** Times of the last minute, at most so many as targets are remembered; and all of them since there were only a few. */
class Recent {
  private times: number[];
  private from = 0;
  total = 1;
  begun: number;

  constructor(ts: number) {
    this.times = [ts];
    this.begun = ts;
  }

  add(ts: number): void {
    this.times.push(ts);
    this.trim(ts);
    this.total++;
    if (this.count <= FEW) {
      this.total = this.count;
      this.begun = this.times[this.from];
    }
    if (this.from < MOST_TARGETS) return;
    this.times = this.times.slice(this.from);
    this.from = 0;
  }

  isCalm(ts: number): boolean {
    this.trim(ts);
    return this.count <= FEW;
  }

  private trim(ts: number): void {
    while (this.times[this.from] < ts - FAN_OUT_WINDOW || this.count > MOST_TARGETS) this.from++;
  }

  get count(): number {
    return this.times.length - this.from;
  }
}

/** Whether this failure is one more door that a socket knocks at; remembers the sockets that are answered. */
function knocks({ sockets }: Walk, port: number, outcome: Outcome): boolean {
  if (outcome !== 'answered') return sockets.has(port);
  if (sockets.size < MOST_SOCKETS) sockets.add(port);
  return false;
}

/** Flow meters count whole packets, and the options of a SYN seem to be data. */
const hasData = ({ bytes, packets, recorded }: Link): boolean => bytes[0] > (recorded ? MOST_OPTIONS * packets[0] : 0);

export function createScan(): Behaviour {
  const walks = new WeakMap<Host, Walk>();
  const usual = new Usual();
  const routers = new Routers();
  /** Pairs of local addresses that talked while learning, `caller>called`. */
  const acquainted = new Set<string>();
  /** Addresses that somebody has, as ARP shows it. */
  const present = new Set<string>();

  const newWalk = (ts: number): Walk => ({
    ratio: 0,
    updated: ts,
    targets: new FewSet(),
    attempts: new Attempts(ts),
    failures: { tcp: 0, udp: 0, ping: 0 },
    told: 0,
    strength: 0,
    met: null,
    asked: null,
    greeted: new FewSet(),
    sockets: new FewSet(),
    fan: null,
    arp: null,
    outside: null,
    peers: 0,
  });
  const walkOf = (host: Host, ts: number): Walk => getOrCreate(walks, host, () => newWalk(ts));

  /** Past maxima raise the bar: a monitoring server that sweeps its network does so every day. */
  const barOf = (key: string, bar: number): number => Math.max(bar, PAST_FACTOR * (usual.of(key) ?? 0));

  /** What a first contact proves: nothing of a call by name, and outside only what has something in common with others. */
  function weightOf(link: Link, walk: Walk, outcome: Outcome, { ts, names }: Context): number {
    const { orig, resp, port, proto } = link.channel;
    const isSure = proto !== PROTO_UDP || (outcome === 'refused' && resp.scope === 'local');
    const transport = isSure ? 1 : UDP_WEIGHT;
    if (resp.scope !== 'external') return transport;
    // Outside, programs that look for a way through routers knock at many ports that are not there.
    const knock = proto === PROTO_UDP && knocks(walk, link.origPort, outcome) ? KNOCK : 1;
    walk.outside ??= new Concentration();
    walk.outside.add(resp.id, port);
    if (outcome === 'answered') return transport * knock;
    // A scanner looks nobody up; a device whose owner keeps it in goes on calling what it has looked up.
    if (names.of(link) === 'named') return 0;
    const line = outcome === 'unanswered' ? weightOfSilence(orig, ts) : 1;
    return transport * line * knock * walk.outside.weight;
  }

  /** Steps of the walk up and down. Of the peers of a program (high ports outside) most are gone, and some are not. */
  function stepsOf({ resp, port }: Channel, walk: Walk, outcome: Outcome): { up: number; down: number } {
    if (resp.scope !== 'external' || port < UNPRIVILEGED) return ORDINARY;
    if (outcome === 'answered') walk.peers++;
    return walk.peers >= FEWEST_PEERS ? PEERS : ORDINARY;
  }

  function firstContact(link: Link, outcome: Outcome, context: Context): void {
    const { channel } = link;
    const { orig, resp, port, proto } = channel;
    if (outcome === 'answered' && resp.scope === 'local') meet(orig, resp, context);
    if (resp.scope === 'multicast' || proto === PROTO_ICMP || proto === PROTO_ICMPV6) return;
    // Who sends data over TCP was answered, in a part that the capture does not hold.
    if (outcome === 'unanswered' && proto === PROTO_TCP && hasData(link)) return;
    const walk = walkOf(orig, context.ts);
    const target = `${resp.id}:${port}:${proto}`;
    if (walk.targets.has(target)) return;
    // Of more it is not known which were judged already.
    const isNew = walk.targets.size < MOST_TARGETS;
    if (isNew) walk.targets.add(target);
    const weight = weightOf(link, walk, outcome, context);
    const { up, down } = stepsOf(channel, walk, outcome);
    walk.ratio *= Math.exp(-Math.max(0, context.ts - walk.updated) / FORGET);
    walk.updated = context.ts;
    if (walk.ratio < STEP / 2 && (walk.met?.isCalm(context.ts) ?? true)) {
      walk.attempts.restart(link.start);
      walk.failures = { tcp: 0, udp: 0, ping: 0 };
      walk.told = 0;
    }
    const failed = outcome !== 'answered';
    walk.ratio = Math.max(0, walk.ratio + (failed ? up : -down) * weight);
    if (failed && isNew) walk.failures[proto === PROTO_TCP ? 'tcp' : 'udp']++;
    const key = `walk ${orig.address}`;
    const bar = usual.barFor(key, walk.ratio, CUT, PAST_FACTOR, context.learning);
    if (walk.ratio < bar) return;
    walk.strength = Math.max(walk.strength, walk.ratio - bar);
    tell(orig, walk, context);
  }

  /** Says how far it has come: at first, and when it has grown. */
  function tell(host: Host, walk: Walk, context: Context): void {
    const { attempts, failures, strength, told } = walk;
    if (told > 0 && attempts.size < told * GROWTH) return;
    walk.told = attempts.size;
    const { since } = attempts;
    const { target, ...tried } = attempts.summary();
    const failed = failures[tried.proto];
    context.report({
      ...{ kind: 'scan', detector: 'scan', host, target, ts: context.ts, since, strength },
      evidence: { ...tried, ...(failed > 0 && { failed }), seconds: context.ts - since },
    });
  }

  /** It answered: no scan has found it, and who knew it while learning may call it at any time. */
  function meet(orig: Host, resp: Host, { learning }: Context): void {
    walks.get(orig)?.fan?.answer(resp.address);
    if (learning && acquainted.size < MOST_PAIRS) acquainted.add(`${orig.address}>${resp.address}`);
  }

  /** By how many the count is above what is ordinary. */
  function beyondBar(key: string, count: number, limit: number, { learning }: Context): number {
    // Everything is met for the first time while it learns, so only a crowd counts then.
    const bar = learning ? 3 * limit : barOf(key, limit);
    if (learning) usual.learn(key, Math.min(count, bar));
    return count - bar;
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
    const { total, begun } = walk[which]!;
    const key = `fan-out ${arp ? 'arp ' : ''}${host.address}`;
    const limit = arp ? FAN_OUT_ARP : FAN_OUT;
    // What answers was not found by a scan.
    if (arp) walk.arp ??= new Asked();
    else walk.fan ??= new FanOut();
    if (arp && total <= FEW) walk.arp!.restart();
    const crowd = beyondBar(key, (arp ? walk.arp : walk.fan)!.add(address, ts, limit), limit, context);
    const beyond = arp
      ? Math.max(crowd, beyondBar(`absent ${key}`, walk.arp!.nobodys(present), NOBODYS, context))
      : crowd;
    if (beyond < 0) return;
    if (how === 'tcp' || how === 'udp') {
      walk.strength = Math.max(walk.strength, STEP * beyond);
      tell(host, walk, context);
      return;
    }
    context.report({
      ...{ kind: 'scan', detector: 'scan', host, target: null, ts, since: begun },
      strength: STEP * beyond,
      evidence: { addresses: total, ports: 1, seconds: ts - begun, proto: how },
    });
  }

  return {
    name: 'scan',
    outcome: firstContact,
    start(link, context) {
      const { orig, resp, proto, port } = link.channel;
      if (resp.scope === 'multicast' || orig === resp) return;
      const how = proto === PROTO_TCP ? 'tcp' : proto === PROTO_UDP ? 'udp' : 'ping';
      const walk = walkOf(orig, context.ts);
      walk.attempts.add(context.ts, resp, how, port);
      if (walk.told > 0) tell(orig, walk, context);
      // What begins with data began before the capture.
      const isMidway = proto === PROTO_TCP && hasData(link);
      const isKnown = !context.learning && acquainted.has(`${orig.address}>${resp.address}`);
      if (resp.scope === 'local' && !isMidway && !isKnown) fanOut(orig, walk, resp.address, false, how, context);
    },
    packet: (packet, step) => routers.packet(packet, step),
    frame(packet: Packet, context) {
      if (!isEthernetArp(packet)) return;
      const sender = packet.view.getInt32(packet.arpOffset + ARP_SENDER_IP);
      const target = packet.view.getInt32(packet.arpOffset + ARP_TARGET_IP);
      if (sender !== 0 && present.size < MOST_TARGETS) present.add(context.hosts.word(sender, context.ts).address);
      if (arpOperation(packet) !== 1) {
        const asker = walks.get(context.hosts.word(target, context.ts));
        asker?.arp?.answer(context.hosts.word(sender, context.ts).address);
        return;
      }
      // A probe (RFC 5227) has no sender yet, an announcement asks for its own address.
      if (sender === 0 || sender === target) return;
      const host = context.hosts.word(sender, context.ts);
      // A router asks for whoever it has packets for; that of a provider has customers by the hundred.
      if (host.scope !== 'local' || routers.has(macNumber(packet.bytes, packet.arpOffset + ARP_SENDER_MAC))) return;
      const asked = context.hosts.word(target, context.ts);
      fanOut(host, walkOf(host, context.ts), asked.address, true, 'arp', context);
    },
    save: () => ({ usual: usual.save(), acquainted: [...acquainted] }),
    load(state: SavedUsual | { usual: SavedUsual; acquainted: string[] }) {
      acquainted.clear();
      // Older states hold the usual alone.
      const { usual: most, acquainted: pairs } = Array.isArray(state) ? { usual: state, acquainted: [] } : state;
      usual.load(most);
      for (const pair of pairs) acquainted.add(pair);
    },
  };
}
