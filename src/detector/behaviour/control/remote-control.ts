/**
 * Remote control: a device obeys another machine (trojans, loaders, lateral movement). Nothing in it need be loud, so
 * what counts is the sum of weak signs (`signs.ts`) of one device and one other end.
 */
import type { Link } from '../../../feature/link.ts';
import type { Step } from '../../../feature/link-tracker.ts';
import { parseHttpHead } from '../../../packet/layers/application/http.ts';
import { CLIENT_HELLO, parseClientHello, readHandshake } from '../../../packet/layers/application/tls.ts';
import { ja3 } from '../../../packet/layers/application/tls-fingerprint.ts';
import { type Packet, PROTO_TCP, TCP_ACK, TCP_SYN } from '../../../packet/packet.ts';
import { getOrCreate } from '../../keyed.ts';
import type { Behaviour, Context, Outcome } from '../behaviour.ts';
import { clockCut } from '../rhythm/clock.ts';
import { covers, leafOf } from './certificate.ts';
import {
  administers,
  answersLikeShell,
  carriesCommand,
  entersChat,
  holdsProgram,
  isProgramPath,
  readsLikeShell,
  spokenBy,
} from './first-words.ts';
import { Greetings } from './greetings.ts';
import { type Pair, Pairs, type Words } from './pair.ts';
import { isServicePort, isTlsPort, isWebPort } from './ports.ts';
import { type Sign, signNames } from './sign-names.ts';
import { bitOf, counts, namesOf, sumOf } from './signs.ts';
import { CUT } from './weights.ts';

/** What a server says first is kept up to its certificate, of so many connections at a time. */
const PREFIX = 6144;
const MOST_PREFIXES = 256;
/** Segments of each side whose content is looked at. */
const LOOKED_AT = 12;
const CALLS_IN_VAIN = 8;
/** A keep-alive: messages of one small size, in one connection, with pauses in between. Bytes, seconds. */
const SMALL = 64;
const PAUSE = 10;
const KEPT_ALIVE = 5;
/** Sent, and how much more than received. */
const ONE_SIDED_BYTES = 50_000;
const ONE_SIDED = 10;
/** A connection of a protocol that nobody knows, open for this long. Seconds. */
const LONG = 3600;
const FTP = 21;
const TELNET = 23;
const SMB = new Set([135, 139, 445]);
/** From here on Windows gives ports to its remote procedures. */
const DYNAMIC = 49_152;
const MOST_REMEMBERED = 16_384;
const CUT_OF_CLOCK = clockCut(1);

export class RemoteControl implements Behaviour {
  readonly name = 'remote-control';
  private readonly pairs = new Pairs();
  /** Null for what is no conversation with another machine. */
  private readonly words = new WeakMap<Link, Words | null>();
  private readonly greetings = new Greetings();
  /** Signs that a device showed while learning, to one other end (`device>other`) and to any (`device`). */
  private readonly usual = new Map<string, number>();
  private prefixes = 0;

  /** Signs of all pairs, for calibration. */
  observed(): Iterable<Readonly<Pair>> {
    return this.pairs.all();
  }

  start(link: Link, context: Context): void {
    const pair = this.pairs.of(link, context.ts);
    if (pair === null) return;
    pair.connections++;
    pair.port = link.channel.port;
    if (pair.place === 'outside' && link.channel.orig === pair.device) this.lookUp(link, pair, context);
  }

  outcome(link: Link, outcome: Outcome, context: Context): void {
    const pair = this.pairs.of(link, context.ts);
    if (pair === null || link.channel.orig !== pair.device) return;
    if (outcome === 'answered') {
      pair.answered = true;
      return;
    }
    pair.calls[outcome]++;
    if (pair.clock.beat(link.start) && pair.clock.evidence >= CUT_OF_CLOCK) this.add(pair, 'clock', context);
    if (!pair.answered && pair.calls[outcome] >= CALLS_IN_VAIN) this.add(pair, outcome, context);
  }

  packet(packet: Packet, { link, direction, opened }: Step, context: Context): void {
    if (packet.payloadLength === 0 && !opened) return;
    const words = getOrCreate(this.words, link, () => this.meet(link, packet, opened, context));
    if (words === null || packet.payloadLength === 0) return;
    const { pair } = words;
    const fromDevice = (direction === 0 ? link.channel.orig : link.channel.resp) === pair.device;
    pair.bytes[fromDevice ? 0 : 1] += packet.payloadLength;
    if (fromDevice) this.uploads(pair, context);
    if (direction === 0) this.rhythm(words, packet, link, context);
    if (packet.proto !== PROTO_TCP || packet.payloadCaptured === 0) return;
    if (words.prefix !== null && direction === 1) this.certificate(words, packet, context);
    if (words.looked[direction]++ < LOOKED_AT) this.look(words, packet, link.channel.port, direction, context);
  }

  end(link: Link): void {
    const words = this.words.get(link);
    if (words) this.release(words);
  }

  save(): [string, Sign[]][] {
    return [...this.usual].map(([key, bits]) => [key, signNames.filter((sign) => bits & bitOf(sign))]);
  }

  load(state: [string, Sign[]][]): void {
    this.usual.clear();
    for (const [key, signs] of state)
      for (const sign of signs) if (signNames.includes(sign)) this.remember(key, bitOf(sign));
  }

  private remember(key: string, bits: number): void {
    if (this.usual.size < MOST_REMEMBERED || this.usual.has(key))
      this.usual.set(key, (this.usual.get(key) ?? 0) | bits);
  }

  private meet(link: Link, packet: Packet, opened: boolean, context: Context): Words | null {
    const pair = this.pairs.of(link, context.ts);
    if (pair === null) return null;
    const whole = opened && packet.proto === PROTO_TCP && (packet.tcpFlags & (TCP_SYN | TCP_ACK)) === TCP_SYN;
    return {
      ...{ pair, whole, spoken: null, greeted: false, looked: [0, 0], host: null, prefix: null },
      ...{ last: Number.NaN, size: -1, alike: 0 },
    };
  }

  private lookUp(link: Link, pair: Pair, context: Context): void {
    const { names } = context;
    const name = names.nameOf(pair.other.address);
    if (name?.isDynamic) this.add(pair, 'dynamic-name', context);
    if (name !== undefined || !names.hears(pair.device, context.ts)) return;
    this.add(pair, names.of(link) === 'bare' ? 'never-named' : 'no-lookup', context);
  }

  private uploads(pair: Pair, context: Context): void {
    const [sent, received] = pair.bytes;
    if (sent >= ONE_SIDED_BYTES && sent > ONE_SIDED * received) this.add(pair, 'one-sided', context);
  }

  /** Requests that return like a clock, over all connections; and small messages that keep one open. */
  private rhythm(words: Words, { ts, payloadLength }: Packet, link: Link, context: Context): void {
    const { pair, last } = words;
    words.last = ts;
    if (pair.clock.beat(ts) && pair.clock.evidence >= CUT_OF_CLOCK) this.add(pair, 'clock', context);
    if (!(ts - last >= PAUSE)) return;
    if (words.whole && words.spoken === 'other' && ts - link.start >= LONG) this.add(pair, 'long-session', context);
    words.alike = payloadLength === words.size ? words.alike + 1 : 1;
    words.size = payloadLength;
    const isPlain = words.spoken !== 'tls' && words.spoken !== 'mqtt' && words.spoken !== 'known';
    if (isPlain && payloadLength <= SMALL && words.alike >= KEPT_ALIVE) this.add(pair, 'keep-alive', context);
  }

  private look(words: Words, packet: Packet, port: number, direction: 0 | 1, context: Context): void {
    const { bytes, payloadOffset: from, payloadCaptured } = packet;
    const { pair } = words;
    const to = from + payloadCaptured;
    if (words.spoken === null) {
      if (direction === 1) words.greeted = true;
      else this.begin(words, packet, port, context);
    }
    if (words.spoken === 'tls') return;
    if (direction === 0) {
      if (words.spoken === 'http') this.request(words, packet, context);
      if (SMB.has(port) || port >= DYNAMIC) {
        const { share, service, command } = administers(bytes, from, to);
        if (share) this.add(pair, 'admin-share', context);
        if (service) this.add(pair, 'remote-service', context);
        if (command) this.add(pair, 'shell', context);
      }
      if (port === FTP && storesFile(bytes, from, to)) this.add(pair, 'file-upload', context);
    }
    if (holdsProgram(bytes, from, to)) this.add(pair, 'executable', context);
    if (words.spoken === 'http' && direction === 1 && answersLikeShell(bytes, from, to))
      this.add(pair, 'web-shell', context);
    const isHidden = words.spoken !== 'http' && port !== TELNET;
    if (isHidden && readsLikeShell(bytes, from, to)) this.add(pair, 'shell', context);
  }

  /** The first words of who began. */
  private begin(words: Words, packet: Packet, port: number, context: Context): void {
    const { bytes, payloadOffset: from, payloadCaptured } = packet;
    words.spoken = spokenBy(bytes, from, from + payloadCaptured);
    if (words.whole) this.compare(words, port, context);
    if (words.spoken === 'tls') this.greeting(words, packet, context);
    if (words.spoken === 'other' && entersChat(bytes, from, from + payloadCaptured))
      this.add(words.pair, 'irc', context);
  }

  /** What is spoken against what the port is for. */
  private compare({ spoken, greeted, pair }: Words, port: number, context: Context): void {
    if (isTlsPort(port) && spoken === 'other' && !greeted) this.add(pair, 'no-tls', context);
    else if (isWebPort(port) && spoken === 'other' && !greeted) this.add(pair, 'other-protocol', context);
    else if (!isServicePort(port) && (spoken === 'tls' || spoken === 'http')) this.add(pair, 'odd-port', context);
    else if (!isServicePort(port) && spoken === 'other' && !pair.usesFtp) this.add(pair, 'unknown-protocol', context);
  }

  private greeting(words: Words, packet: Packet, context: Context): void {
    const { pair } = words;
    const { bytes, payloadOffset: from, payloadCaptured } = packet;
    const hello = readHandshake(bytes, from, from + payloadCaptured);
    if (hello.kind === 'message' && hello.type === CLIENT_HELLO) {
      const client = parseClientHello(hello.body);
      words.host = client?.serverName?.toLowerCase() ?? null;
      if (client && words.host === null) this.add(pair, 'nameless-tls', context);
      if (client && this.greetings.isOdd(pair.device, pair.other, ja3(client.offer)))
        this.add(pair, 'odd-tls', context);
    }
    if (this.prefixes >= MOST_PREFIXES || pair.place === 'inside') return;
    words.prefix = { bytes: new Uint8Array(PREFIX), length: 0 };
    this.prefixes++;
  }

  private certificate(words: Words, packet: Packet, context: Context): void {
    const { pair } = words;
    const prefix = words.prefix!;
    const { bytes, payloadOffset: from, payloadCaptured, payloadLength } = packet;
    const room = Math.min(payloadCaptured, PREFIX - prefix.length);
    prefix.bytes.set(bytes.subarray(from, from + room), prefix.length);
    prefix.length += room;
    const isCut = payloadCaptured < payloadLength || prefix.length >= PREFIX;
    const leaf = leafOf(prefix.bytes, prefix.length, isCut);
    if (leaf === null && !isCut) return;
    this.release(words);
    if (!leaf) return;
    if (leaf.isSelfSigned) this.add(pair, 'self-signed', context);
    if (leaf.notAfter < context.ts) this.add(pair, 'expired-certificate', context);
    const host = words.host ?? context.names.nameOf(pair.other.address)?.name;
    if (host !== undefined && leaf.isWhole && leaf.names.length > 0 && !covers(leaf.names, host))
      this.add(pair, 'other-certificate', context);
  }

  private release(words: Words): void {
    if (words.prefix === null) return;
    words.prefix = null;
    this.prefixes--;
  }

  private request(words: Words, { bytes, payloadOffset: from, payloadCaptured }: Packet, context: Context): void {
    const { pair } = words;
    if (carriesCommand(bytes, from, from + payloadCaptured)) this.add(pair, 'web-command', context);
    const head = parseHttpHead(bytes, from, from + payloadCaptured);
    if (!head?.method || !head.uri) return;
    const host = head.fields.get('host') ?? '';
    words.host = host;
    if (/^\d+\.\d+\.\d+\.\d+(:\d+)?$/.test(host))
      this.add(pair, head.method === 'POST' ? 'bare-post' : 'bare-http', context);
    if (isProgramPath(head.uri)) this.add(pair, 'executable', context);
    if (head.isComplete && !head.fields.has('user-agent')) this.add(pair, 'plain-agent', context);
  }

  private add(pair: Pair, sign: Sign, context: Context): void {
    const bit = bitOf(sign);
    if (pair.bits & bit || !counts(sign, pair.place)) return;
    pair.bits |= bit;
    const { place, device, other } = pair;
    const key = `${device.address}>${other.address}`;
    const usual = (this.usual.get(key) ?? 0) | (this.usual.get(device.address) ?? 0);
    const bits = context.learning ? pair.bits : pair.bits & ~usual;
    pair.sum = sumOf(bits, place);
    if (pair.sum >= CUT) this.tell(pair, bits, context);
    // What is told while learning is nobody's past.
    else if (context.learning) for (const one of [key, device.address]) this.remember(one, bit);
  }

  private tell(
    { device, other, place, since, clock, port, connections, bytes, sum }: Pair,
    bits: number,
    context: Context,
  ): void {
    const { ts } = context;
    const ticks = bits & bitOf('clock') ? clock.measure() : {};
    context.report({
      ...{ kind: 'remote-control', detector: 'remote-control', host: device, target: other, ts, since },
      strength: sum - CUT,
      evidence: {
        ...{ signs: namesOf(bits, place).join(' '), port, connections, bytes_out: bytes[0], bytes_in: bytes[1] },
        ...{ seconds: ts - since, ...ticks },
      },
    });
  }
}

const storesFile = (bytes: Uint8Array, from: number, to: number): boolean =>
  /^(STOR|APPE) /i.test(Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(to - from, 16)).toString('latin1'));
