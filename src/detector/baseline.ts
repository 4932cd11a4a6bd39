/** Who was there while learning: how often each host spoke, for how long it is known, and to how many addresses. */
import type { Host } from '../feature/host.ts';
import { scopeOf } from '../packet/address-scope.ts';
import { getOrCreate } from './keyed.ts';

const MOST_HOSTS = 16_384;
const MOST_PEERS = 1024;

interface Known {
  count: number;
  first: number;
  last: number;
  peers: Set<string>;
}

export type SavedBaseline = (Omit<Known, 'peers'> & { address: string; peers: string[] })[];

export interface PastOfHost {
  /** Seconds that were learned from; 0 where it is new. */
  seconds: number;
  /** Different addresses that it talked to. */
  addresses: number;
  /** Whether the other end that was asked about is one of them; missing where not all of them are remembered. */
  met?: boolean;
}

export class Baseline {
  private readonly hosts = new Map<string, Known>();

  add(host: Host, peer: Host, ts: number): void {
    if (this.hosts.size >= MOST_HOSTS && !this.hosts.has(host.address)) return;
    const known = getOrCreate(this.hosts, host.address, () => ({
      count: 0,
      first: ts,
      last: ts,
      peers: new Set<string>(),
    }));
    known.count++;
    known.last = ts;
    if (known.peers.size < MOST_PEERS) known.peers.add(peer.address);
  }

  /** Whether anything was learned at all. */
  get exists(): boolean {
    return this.hosts.size > 0;
  }

  /** Time of the last that was learned. */
  get last(): number {
    let latest = Number.NEGATIVE_INFINITY;
    for (const { last } of this.hosts.values()) latest = Math.max(latest, last);
    return latest;
  }

  /** A device that came while watching is given `warmUp` seconds from its first word. */
  isWarmingUp(host: Host, ts: number, since: number, warmUp: number): boolean {
    if (warmUp <= 0 || host.scope !== 'local') return false;
    const known = this.hosts.get(host.address);
    return known === undefined || (known.first >= since && ts - known.first < warmUp);
  }

  devices(): { address: string; first: number; last: number; count: number }[] {
    return [...this.hosts]
      .filter(([address]) => scopeOf(address) === 'local')
      .map(([address, known]) => ({ address, ...known }));
  }

  of(host: Host, other: Host | null = null): PastOfHost {
    const known = this.hosts.get(host.address);
    if (!known) return { seconds: 0, addresses: 0 };
    const { first, last, peers } = known;
    const past = { seconds: last - first, addresses: peers.size };
    if (other === null || (peers.size >= MOST_PEERS && !peers.has(other.address))) return past;
    return { ...past, met: peers.has(other.address) };
  }

  /** When the host was first learned from; null: never. */
  since(address: string): number | null {
    return this.hosts.get(address)?.first ?? null;
  }

  /** The host goes by another address from now on; what that one has done is its own too. */
  move(from: string, to: string): void {
    const [own, known] = [this.hosts.get(from), this.hosts.get(to)];
    for (const { peers } of this.hosts.values()) if (peers.delete(from)) peers.add(to);
    if (own === undefined) return;
    this.hosts.delete(from);
    if (known !== undefined) {
      own.count += known.count;
      own.first = Math.min(own.first, known.first);
      own.last = Math.max(own.last, known.last);
      for (const peer of known.peers) if (own.peers.size < MOST_PEERS) own.peers.add(peer);
    }
    this.hosts.set(to, own);
  }

  forget(address: string): void {
    this.hosts.delete(address);
    for (const { peers } of this.hosts.values()) peers.delete(address);
  }

  save(): SavedBaseline {
    return [...this.hosts].map(([address, { count, first, last, peers }]) => ({
      address,
      count,
      first,
      last,
      peers: [...peers],
    }));
  }

  load(state: SavedBaseline): void {
    this.hosts.clear();
    for (const { address, count, first, last, peers } of state) {
      this.hosts.set(address, { count, first, last, peers: new Set(peers) });
    }
  }
}
