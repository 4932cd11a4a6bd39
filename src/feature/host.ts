/** Hosts of the traffic, by IP address: who they are to this network, and their damped behaviour. */
import { formatIpv4, formatIpv6 } from '../packet/address.ts';
import type { Packet } from '../packet/packet.ts';
import { DampedSums } from './damped.ts';

/** Where an address stands: on this network, elsewhere, or for many at once (multicast and broadcast). */
export type Scope = 'local' | 'external' | 'multicast';

export class Host {
  readonly id: number;
  readonly address: string;
  readonly scope: Scope;
  /** Link-layer address last seen as the sender of its packets; only for local hosts. */
  mac: string | null = null;
  lastSeen = 0;
  /** When it last got a packet from outside this network. */
  outsideHeard = Number.NEGATIVE_INFINITY;
  /** Connections it began; those that were refused or stayed unanswered; how widely they spread. */
  readonly started = new DampedSums();
  readonly failed = new DampedSums();
  readonly spread = new DampedSums();

  constructor(id: number, address: string, scope: Scope) {
    this.id = id;
    this.address = address;
    this.scope = scope;
  }
}

/** RFC 1918, RFC 6598, link-local, loopback and "this host" are local; 224/4 and broadcast are for many. */
function scopeOfIpv4(word: number): Scope {
  const [a, b, d] = [word >>> 24, (word >>> 16) & 255, word & 255];
  if (a >= 224) return 'multicast';
  if (a === 10 || a === 127 || a === 0 || (a === 192 && b === 168) || (a === 172 && b >= 16 && b <= 31)) {
    // The directed broadcast of a /24, which is what homes have.
    return d === 255 ? 'multicast' : 'local';
  }
  return (a === 169 && b === 254) || (a === 100 && b >= 64 && b <= 127) ? 'local' : 'external';
}

/** Unique local (fc00::/7), link-local (fe80::/10), loopback and unspecified are local; ff00::/8 is multicast. */
function scopeOfIpv6(address: string): Scope {
  if (/^ff/i.test(address)) return 'multicast';
  return /^(f[cd]|fe[89ab]|::1?$)/i.test(address) ? 'local' : 'external';
}

export function scopeOf(address: string): Scope {
  if (address.includes(':')) return scopeOfIpv6(address);
  const [a, b, c, d] = address.split('.').map(Number);
  return scopeOfIpv4((a << 24) | (b << 16) | (c << 8) | d);
}

/** Finds the one Host object of an address. Forgets those that were not seen for longest when there are too many. */
export class HostTable {
  private readonly byAddress = new Map<string, Host>();
  private readonly byWord = new Map<number, Host>();
  private nextId = 1;
  private readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get size(): number {
    return this.byAddress.size;
  }

  get(address: string, ts: number): Host {
    let host = this.byAddress.get(address);
    if (!host) {
      host = new Host(this.nextId++, address, scopeOf(address));
      this.byAddress.set(address, host);
      if (this.byAddress.size > this.capacity) this.forget();
    }
    if (ts > host.lastSeen) host.lastSeen = ts;
    return host;
  }

  source(packet: Packet): Host {
    const { src0, src1, src2, src3, ts } = packet;
    return packet.ipVersion === 4 ? this.word(src0, ts) : this.get(formatIpv6(src0, src1, src2, src3), ts);
  }

  destination(packet: Packet): Host {
    const { dst0, dst1, dst2, dst3, ts } = packet;
    return packet.ipVersion === 4 ? this.word(dst0, ts) : this.get(formatIpv6(dst0, dst1, dst2, dst3), ts);
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
