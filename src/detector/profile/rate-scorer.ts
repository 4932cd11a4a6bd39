/** How unusual the amount of a device's traffic is: ten minutes at a time, against its own ten minutes of the past. */
import type { Host } from '../../feature/host.ts';
import type { Link } from '../../feature/link.ts';
import type { Step } from '../../feature/link-tracker.ts';
import type { Packet } from '../../packet/packet.ts';
import { amount, type Deviation } from '../deviation.ts';
import { getOrCreate } from '../keyed.ts';
import { ProfileScorer } from './profile-scorer.ts';

const SLOT = 600;
const DAY = 86_400;
/** Amounts of ten minutes, and after them the time of day as an angle. */
export const rateFeatures = [
  { name: 'packets_out', unit: 'ln packets', meaning: 'packets sent' },
  { name: 'packets_in', unit: 'ln packets', meaning: 'packets received' },
  { name: 'bytes_out', unit: 'ln B / 2', meaning: 'bytes sent' },
  { name: 'bytes_in', unit: 'ln B / 2', meaning: 'bytes received' },
  { name: 'connections_out', unit: 'ln connections', meaning: 'connections begun' },
  { name: 'connections_in', unit: 'ln connections', meaning: 'connections accepted' },
  { name: 'peers', unit: 'ln addresses', meaning: 'different other ends' },
] as const;
const [COS, SIN] = [rateFeatures.length, rateFeatures.length + 1];
const SIZE = rateFeatures.length + 2;
/** An hour to each side is the same time of day. */
const SAME_TIME = Math.cos((2 * Math.PI) / 24);
const MOST_ENDS = 1024;
const MOST_DEVICES = 4096;

interface Slot {
  host: Host;
  /** Packets, bytes (out, in each), connections begun and accepted. */
  counts: Float64Array;
  ends: Set<number>;
}

export interface RateScore {
  host: Host;
  /** End of the ten minutes. */
  ts: number;
  nats: number;
  /** What stood out, most first; the time of day with the share of the past that falls into the hours around it. */
  explain: () => Deviation[];
  /** Whether that is compared with the device's own past, not with the house's. */
  hasOwn: boolean;
  counts: Float64Array;
}

export class RateScorer extends ProfileScorer {
  private slots = new Map<string, Slot>();
  private current = Number.NaN;

  constructor() {
    super({ size: SIZE, categories: [], rare: 0 });
  }

  packet(packet: Packet, step: Step): void {
    const { link, direction, opened } = step;
    const { orig, resp } = link.channel;
    const [from, to] = direction === 0 ? [orig, resp] : [resp, orig];
    this.count(from, to, 0, 1, packet.payloadLength);
    this.count(to, from, 1, 1, packet.payloadLength);
    if (opened) this.open(orig, resp);
  }

  record({ channel, packets, bytes }: Link): void {
    const { orig, resp } = channel;
    this.count(orig, resp, 0, packets[0], bytes[0]);
    this.count(orig, resp, 1, packets[1], bytes[1]);
    this.count(resp, orig, 0, packets[1], bytes[1]);
    this.count(resp, orig, 1, packets[0], bytes[0]);
    this.open(orig, resp);
  }

  /** When ten minutes are over, the score of every device that spoke in them. */
  advance(ts: number, teaches: (host: Host) => boolean): RateScore[] {
    const slot = Math.floor(ts / SLOT);
    if (slot === this.current) return [];
    const finished = this.slots;
    const end = (this.current + 1) * SLOT;
    this.current = slot;
    this.slots = new Map();
    return [...finished.values()].map((entry) => this.judge(entry, end, teaches(entry.host)));
  }

  /** Forgets the ten minutes that are not over yet. */
  begin(): void {
    this.slots.clear();
    this.current = Number.NaN;
  }

  override move(from: string, to: string): void {
    this.slots.delete(from);
    super.move(from, to);
  }

  override forget(device: string): void {
    this.slots.delete(device);
    super.forget(device);
  }

  private judge({ host, counts, ends }: Slot, ts: number, learning: boolean): RateScore {
    const vector = new Float32Array(SIZE);
    // Bytes span twice the decades of packets, so they count half, as in the other feature sets.
    for (let i = 0; i < 6; i++) vector[i] = (i === 2 || i === 3 ? 0.5 : 1) * Math.log1p(counts[i]);
    vector[6] = Math.log1p(ends.size);
    const angle = (2 * Math.PI * (ts % DAY)) / DAY;
    vector[COS] = Math.cos(angle);
    vector[SIN] = Math.sin(angle);
    const nats = learning
      ? this.profiles.learn(host.address, vector, [])
      : this.profiles.surprise(host.address, vector, []);
    const { address } = host;
    const explain = () => this.explain(address, vector, ts);
    return { host, ts, nats, explain, hasOwn: this.profiles.hasOwn(address), counts };
  }

  private explain(address: string, vector: Float32Array, ts: number): Deviation[] {
    const found: Deviation[] = [];
    for (const odd of this.profiles.explain(address, vector, [])) {
      if (!('index' in odd)) continue;
      if (odd.index < COS) found.push(amount(rateFeatures[odd.index], vector[odd.index], odd.usual));
      else if (!found.some(({ feature }) => feature === 'time_of_day')) {
        const atThisTime = (past: Float32Array) => past[COS] * vector[COS] + past[SIN] * vector[SIN] >= SAME_TIME;
        found.push({ feature: 'time_of_day', value: ts % DAY, share: this.profiles.share(address, atThisTime) });
      }
    }
    return found;
  }

  private count(host: Host, other: Host, inward: 0 | 1, packets: number, bytes: number): void {
    if (host.scope !== 'local' || !host.isSomebody) return;
    if (this.slots.size >= MOST_DEVICES && !this.slots.has(host.address)) return;
    const slot = getOrCreate(this.slots, host.address, () => ({
      host,
      counts: new Float64Array(6),
      ends: new Set<number>(),
    }));
    slot.counts[inward] += packets;
    slot.counts[2 + inward] += bytes;
    if (slot.ends.size < MOST_ENDS) slot.ends.add(other.id);
  }

  private open(orig: Host, resp: Host): void {
    const [begun, accepted] = [this.slots.get(orig.address), this.slots.get(resp.address)];
    if (begun) begun.counts[4]++;
    if (accepted) accepted.counts[5]++;
  }
}
