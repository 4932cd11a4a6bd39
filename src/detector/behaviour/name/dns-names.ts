/**
 * Which addresses of the outside have names. A maker's cloud is reached by name; what is called by its bare address is
 * written into the program, as command servers often are.
 */
import type { Host } from '../../../feature/host.ts';
import type { Link } from '../../../feature/link.ts';
import type { Step } from '../../../feature/link-tracker.ts';
import { DNS_PORT, type DnsMessage } from '../../../packet/layers/application/dns.ts';
import { CLIENT_HELLO, parseClientHello, readHandshake } from '../../../packet/layers/application/tls.ts';
import { type Packet, PROTO_TCP, PROTO_UDP } from '../../../packet/packet.ts';
import type { Acquaintance, Behaviour, Context, LookedUp, Names } from '../behaviour.ts';
import { DnsStream } from './dns-stream.ts';

const A = 1;
const AAAA = 28;
/** Answers live for some minutes; after that a device that goes by names must have asked again. Seconds. */
const TIME_TO_LIVE = 600;
const MOST = 16_384;

/** Seconds after its first look-up that a device is taken for one whose look-ups are seen. */
const HEARD = 5;
/** Seconds that the answer for a name that moves about may be kept. */
const SHORT_LIVED = 120;

interface SavedNames {
  /** Names that were looked up while learning; older states have none. */
  usual?: string[];
  lookedUp: string[];
  greeted: string[];
  askers: [string, number][];
}

/** Reports nothing: what it knows is for the rules. */
export class DnsNames implements Behaviour, Names {
  readonly name = 'name-book';
  private readonly lookedUp = new Map<string, LookedUp | null>();
  /** Addresses that were greeted by a name in the clear, though no look-up was seen. */
  private readonly greeted = new Set<string>();
  /** Since when the look-ups of each device are seen. */
  private readonly askers = new Map<string, number>();
  /** Names that were looked up while learning. */
  private readonly usual = new Set<string>();
  private readonly stream = new DnsStream();

  packet(packet: Packet, step: Step, { learning }: Pick<Context, 'learning'>): void {
    if (packet.payloadCaptured === 0) return;
    const { link, direction } = step;
    const { proto, port, orig, resp } = link.channel;
    if (port === DNS_PORT && (proto === PROTO_UDP || proto === PROTO_TCP)) {
      if (direction === 1)
        for (const message of this.stream.read(packet, step)) this.answer(message, orig, packet.ts, learning);
    } else if (proto === PROTO_TCP && direction === 0 && resp.scope === 'external') this.greeting(packet, link);
  }

  /** What is known of the other end of a connection. */
  of({ channel: { orig, resp }, start }: Link): Acquaintance {
    if (this.lookedUp.has(resp.address)) return 'named';
    const since = this.askers.get(orig.address);
    return since === undefined || start - since < TIME_TO_LIVE || this.greeted.has(resp.address) ? 'unknown' : 'bare';
  }

  /** The name that the address was looked up by last; null where only that it was is known, undefined where it was not. */
  nameOf(address: string): LookedUp | null | undefined {
    return this.lookedUp.get(address);
  }

  /** Whether it was looked up by a name that this house asked for while learning: clouds have more addresses than names. */
  isUsual(address: string): boolean {
    const name = this.lookedUp.get(address)?.name;
    return name !== undefined && this.usual.has(name);
  }

  /** Whether the look-ups of the device are seen, and were for a while. */
  hears(device: Host, ts: number): boolean {
    const since = this.askers.get(device.address);
    return since !== undefined && ts - since >= HEARD;
  }

  save(): SavedNames {
    const { usual, lookedUp, greeted, askers } = this;
    return { usual: [...usual], lookedUp: [...lookedUp.keys()], greeted: [...greeted], askers: [...askers] };
  }

  load({ usual = [], lookedUp, greeted, askers }: SavedNames): void {
    for (const known of [this.usual, this.lookedUp, this.greeted, this.askers]) known.clear();
    for (const name of usual) this.usual.add(name);
    for (const address of lookedUp) this.lookedUp.set(address, null);
    for (const address of greeted) this.greeted.add(address);
    for (const [address, since] of askers) this.askers.set(address, Math.min(since, this.askers.get(address) ?? since));
  }

  private answer(message: DnsMessage, asker: Host, ts: number, learning: boolean): void {
    if (!message.isResponse) return;
    if (this.askers.size < MOST && !this.askers.has(asker.address)) this.askers.set(asker.address, ts);
    const addresses = message.answers.filter(({ type }) => type === A || type === AAAA);
    const name = message.questions[0]?.name.toLowerCase();
    if (learning && name !== undefined && this.usual.size < MOST) this.usual.add(name);
    const isDynamic = message.answers.length === 1 && addresses.length === 1 && addresses[0].ttl <= SHORT_LIVED;
    for (const { data } of addresses) {
      if (this.lookedUp.size >= MOST) this.lookedUp.delete(this.lookedUp.keys().next().value!);
      this.lookedUp.set(data, name === undefined ? null : { name, isDynamic });
    }
  }

  /** The first words of a connection may name the server. */
  private greeting({ bytes, payloadOffset: at, payloadCaptured, payloadLength }: Packet, link: Link): void {
    const isFirst = link.bytes[0] === payloadLength;
    if (!isFirst || this.greeted.has(link.channel.resp.address)) return;
    const hello = readHandshake(bytes, at, at + payloadCaptured);
    if (hello.kind === 'message' && hello.type === CLIENT_HELLO && parseClientHello(hello.body)?.serverName)
      this.note(this.greeted, link.channel.resp.address);
  }

  /** The oldest makes room. */
  private note(addresses: Set<string>, address: string): void {
    if (addresses.size >= MOST) addresses.delete(addresses.values().next().value!);
    addresses.add(address);
  }
}
