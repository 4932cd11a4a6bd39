/** Hosts of the traffic, by IP address: who they are to this network, and their damped behaviour. */
import { formatIpv4, formatIpv6, parseAddress } from '../packet/address.ts';
import { type Scope, scopeOf } from '../packet/address-scope.ts';
import { type Packet, PROTO_ICMPV6 } from '../packet/packet.ts';
import { DampedSums } from './damped.ts';

export class Host {
  readonly id: number;
  readonly address: string;
  /** An IPv6 address becomes local when its prefix turns out to be this network's. */
  scope: Scope;
  /** Link-layer address last seen as the sender of its packets; only for local hosts. */
  mac: string | null = null;
  lastSeen = 0;
  /** When it last got a packet from outside this network. */
  outsideHeard = Number.NEGATIVE_INFINITY;
  /** Connections it began; those that were refused or stayed unanswered; how widely they spread. */
  readonly started = new DampedSums();
  readonly failed = new DampedSums();
  readonly spread = new DampedSums();

  /** False for "no address yet" (0.0.0.0 and ::), under which every device may speak. */
  readonly isSomebody: boolean;

  constructor(id: number, address: string, scope: Scope) {
    this.isSomebody = address !== '0.0.0.0' && address !== '::';
    this.id = id;
    this.address = address;
    this.scope = scope;
  }
}

/** True where both stand on this network: local, or of one /64 where no neighbour discovery was seen to say so. */
export function areNeighbours(one: Host, other: Host): boolean {
  if (one.scope === 'local' && other.scope === 'local') return true;
  if (!one.address.includes(':') || !other.address.includes(':')) return false;
  const [a, b] = [parseAddress(one.address)!.words, parseAddress(other.address)!.words];
  return a[0] === b[0] && a[1] === b[1];
}

const ROUTER_SOLICITATION = 133;
const NEIGHBOUR_ADVERTISEMENT = 136;

/**
 * The /64 prefixes of this network. IPv6 devices have global addresses; that one is on this link shows when it takes
 * part in neighbour discovery with a hop limit of 255, which no router leaves (RFC 4861, section 7.1).
 */
export class LocalPrefixes {
  private readonly prefixes = new Set<string>();

  learn({ ipVersion, proto, srcPort, ttl, src0, src1 }: Packet): void {
    const isDiscovery = proto === PROTO_ICMPV6 && srcPort >= ROUTER_SOLICITATION && srcPort <= NEIGHBOUR_ADVERTISEMENT;
    if (ipVersion === 6 && isDiscovery && ttl === 255 && src0 >>> 29 === 1) this.prefixes.add(`${src0}:${src1}`);
  }

  has(word0: number, word1: number): boolean {
    return this.prefixes.size > 0 && this.prefixes.has(`${word0}:${word1}`);
  }

  /** The same of an address in text form. */
  hasText(address: string): boolean {
    if (this.prefixes.size === 0 || !address.includes(':')) return false;
    const words = parseAddress(address)?.words;
    return words !== undefined && this.has(words[0], words[1]);
  }
}

/** Finds the one Host object of an address. Forgets those that were not seen for longest when there are too many. */
export class HostTable {
  private readonly byAddress = new Map<string, Host>();
  private readonly byWord = new Map<number, Host>();
  private nextId = 1;
  private readonly capacity: number;
  private readonly prefixes: LocalPrefixes;

  constructor(capacity: number, prefixes: LocalPrefixes) {
    this.capacity = capacity;
    this.prefixes = prefixes;
  }

  get size(): number {
    return this.byAddress.size;
  }

  get(address: string, ts: number): Host {
    let host = this.byAddress.get(address);
    if (!host) {
      host = new Host(this.nextId++, address, scopeOf(address));
      if (this.prefixes.hasText(address)) host.scope = 'local';
      this.byAddress.set(address, host);
      if (this.byAddress.size > this.capacity) this.forget();
    }
    if (ts > host.lastSeen) host.lastSeen = ts;
    return host;
  }

  source(packet: Packet): Host {
    const { src0, src1, src2, src3, ts } = packet;
    if (packet.ipVersion === 4) return this.word(src0, ts);
    return this.onLink(this.get(formatIpv6(src0, src1, src2, src3), ts), src0, src1);
  }

  destination(packet: Packet): Host {
    const { dst0, dst1, dst2, dst3, ts } = packet;
    if (packet.ipVersion === 4) return this.word(dst0, ts);
    return this.onLink(this.get(formatIpv6(dst0, dst1, dst2, dst3), ts), dst0, dst1);
  }

  /** An IPv4 address as the signed word of the packet: no text is made on the way. */
  word(word: number, ts: number): Host {
    let host = this.byWord.get(word);
    if (!host) {
      host = this.get(formatIpv4(word), ts);
      this.byWord.set(word, host);
    }
    if (ts > host.lastSeen) host.lastSeen = ts;
    return host;
  }

  /** Makes hosts local that were taken for external before their prefix was known. */
  private onLink(host: Host, word0: number, word1: number): Host {
    if (host.scope === 'external' && this.prefixes.has(word0, word1)) host.scope = 'local';
    return host;
  }

  hosts(): Iterable<Host> {
    return this.byAddress.values();
  }

  /** Drops the half that was not seen for longest: rare, so that its sorting does not count. */
  private forget(): void {
    const byAge = [...this.byAddress.values()].sort((a, b) => a.lastSeen - b.lastSeen);
    const gone = new Set(byAge.slice(0, byAge.length >> 1));
    for (const host of gone) this.byAddress.delete(host.address);
    for (const [word, host] of this.byWord) if (gone.has(host)) this.byWord.delete(word);
  }
}
