/**
 * Which addresses of the outside have names. A maker's cloud is reached by name; what is called by its bare address is
 * written into the program, as command servers often are.
 */
import type { Host } from '../../../feature/host.ts';
import type { Link } from '../../../feature/link.ts';
import type { Step } from '../../../feature/link-tracker.ts';
import { parseDns } from '../../../packet/layers/application/dns.ts';
import { CLIENT_HELLO, parseClientHello, readHandshake } from '../../../packet/layers/application/tls.ts';
import { type Packet, PROTO_TCP, PROTO_UDP } from '../../../packet/packet.ts';
import type { Behaviour } from '../behaviour.ts';

const DNS = 53;
const A = 1;
const AAAA = 28;
const HANDSHAKE = 22;
/** Answers live for some minutes; after that a device that goes by names must have asked again. Seconds. */
const TIME_TO_LIVE = 600;
const MOST = 16_384;

/** `named`: looked up before. `bare`: never, though the device's look-ups are seen. `unknown`: they are not. */
export type Acquaintance = 'named' | 'bare' | 'unknown';

interface SavedNames {
  lookedUp: string[];
  greeted: string[];
  askers: [string, number][];
}

/** Reports nothing: what it knows is for the rules. */
export class DnsNames implements Behaviour {
  readonly name = 'name-book';
  private readonly lookedUp = new Set<string>();
  /** Addresses that were greeted by a name in the clear, though no look-up was seen. */
  private readonly greeted = new Set<string>();
  /** Since when the look-ups of each device are seen. */
  private readonly askers = new Map<string, number>();

  packet(packet: Packet, { link, direction }: Step): void {
    if (packet.payloadCaptured === 0) return;
    const { proto, port, orig, resp } = link.channel;
    if (proto === PROTO_UDP && port === DNS) {
      if (direction === 1) this.answer(packet, orig);
    } else if (proto === PROTO_TCP && direction === 0 && resp.scope === 'external') this.greeting(packet, link);
  }

  /** What is known of the other end of a connection. */
  of({ channel: { orig, resp }, start }: Link): Acquaintance {
    if (this.lookedUp.has(resp.address)) return 'named';
    const since = this.askers.get(orig.address);
    return since === undefined || start - since < TIME_TO_LIVE || this.greeted.has(resp.address) ? 'unknown' : 'bare';
  }

  save(): SavedNames {
    return { lookedUp: [...this.lookedUp], greeted: [...this.greeted], askers: [...this.askers] };
  }

  load(state: unknown): void {
    const { lookedUp, greeted, askers } = state as SavedNames;
    for (const addresses of [this.lookedUp, this.greeted]) addresses.clear();
    this.askers.clear();
    for (const address of lookedUp) this.lookedUp.add(address);
    for (const address of greeted) this.greeted.add(address);
    for (const [address, since] of askers) this.askers.set(address, Math.min(since, this.askers.get(address) ?? since));
  }

  private answer({ bytes, payloadOffset: at, payloadCaptured, ts }: Packet, asker: Host): void {
    const message = parseDns(bytes, at, at + payloadCaptured);
    if (!message?.isResponse) return;
    if (this.askers.size < MOST && !this.askers.has(asker.address)) this.askers.set(asker.address, ts);
    for (const { type, data } of message.answers) if (type === A || type === AAAA) this.note(this.lookedUp, data);
  }

  /** The first words of a connection may name the server. */
  private greeting({ bytes, payloadOffset: at, payloadCaptured, payloadLength }: Packet, link: Link): void {
    const isFirst = link.bytes[0] === payloadLength;
    if (!isFirst || bytes[at] !== HANDSHAKE || this.greeted.has(link.channel.resp.address)) return;
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
