import type { StationCounts } from '../flow/station-counts.ts';
import type { ClaimSource, OwnedAddress } from './device.ts';
import { Facts } from './fact.ts';
import { Presence, type PresenceOptions } from './presence.ts';

/** An inventory keeps this many addresses of a device; privacy addresses of IPv6 come and go. */
const MAXIMUM_ADDRESSES = 24;
/** IPv4 addresses of others that it forwarded for lately are known by their word: so many, a power of two. */
const STRANGERS = 256;

/** An address as the packets have it, and the entry that it belongs to; null where it is not the device's. */
class LastAddress {
  w0 = 0;
  w1 = 0;
  w2 = 0;
  w3 = 0;
  entry: OwnedAddress | null = null;

  /** Marks what was found out as stale. Nobody sends from the all-ones address. */
  forget(): void {
    this.w0 = -1;
    this.entry = null;
  }
}

/** The inventory's record of a device. */
export class DeviceRecord {
  /** Its number in the inventory. */
  readonly slot: number;
  readonly mac: string;
  readonly macs: string[];
  readonly facts = new Facts();
  readonly presence: Presence;
  readonly addresses = new Map<string, OwnedAddress>();
  firstSeen: number;
  packetsSent = 0;
  bytesSent = 0;
  packetsReceived = 0;
  bytesReceived = 0;
  /** Frames for internet addresses that others sent it, and the first word of one such address. */
  forwarded = 0;
  firstRemote = 0;
  forwardsMany = false;
  /** Advertises itself as a router (RA, or the router flag of a neighbour advertisement). */
  advertisesRouter = false;
  /** Seen at least twice with some time between, or answered by somebody: no address of a flood. */
  confirmed = false;

  // The addresses and the port that it used last, so that an ordinary packet needs no text and no look-up.
  readonly v4 = new LastAddress();
  readonly v6 = new LastAddress();
  lastUdpPort = -1;
  /** Addresses that were not its own when they were looked up; made by the first one. */
  #strangers: Int32Array | null = null;
  /** Announcements all of which is known, by what they say: devices repeat them to the letter. */
  readonly heard = new WeakSet<object>();
  /** Addresses that it has by traffic alone. */
  trafficClaims = 0;

  constructor(slot: number, mac: string, ts: number, options: PresenceOptions) {
    this.slot = slot;
    this.mac = mac;
    this.macs = [mac];
    this.firstSeen = ts;
    this.presence = new Presence(ts, options);
  }

  /** Takes over what was counted of its packets elsewhere. */
  settle(counts: StationCounts): void {
    const { sent, sentBytes, received, receivedBytes, forwarded } = counts.take(this.slot);
    this.packetsSent += sent;
    this.bytesSent += sentBytes;
    this.packetsReceived += received;
    this.bytesReceived += receivedBytes;
    this.forwarded += forwarded;
    this.presence.heardUntil(counts.lastHeard(this.slot));
    this.renewEntry(this.v4.entry, counts.lastSpoke(this.slot));
  }

  /** The address was in use until `ts`. */
  renewEntry(entry: OwnedAddress | null, ts: number): void {
    if (entry !== null && ts > entry.last_seen) entry.last_seen = ts;
  }

  /** Takes an address that it does not have. The oldest makes room: that one is returned, null where there was room. */
  own(address: string, source: ClaimSource, ts: number): string | null {
    let dropped: string | null = null;
    if (this.addresses.size >= MAXIMUM_ADDRESSES) {
      const [oldest] = [...this.addresses.values()].sort((a, b) => a.last_seen - b.last_seen);
      this.addresses.delete(oldest.address);
      dropped = oldest.address;
    }
    this.#strangers?.fill(0);
    this.#forgetLast();
    this.addresses.set(address, { address, source, first_seen: ts, last_seen: ts });
    return dropped;
  }

  /** It does not have the address any more. */
  disown(address: string): void {
    this.addresses.delete(address);
    this.#forgetLast();
  }

  #forgetLast(): void {
    this.v4.forget();
    this.v6.forget();
  }

  /** True where the IPv4 address is known not to be its own. */
  isStranger(word: number): boolean {
    return word !== 0 && this.#strangers?.[placeOf(word)] === word;
  }

  noteStranger(word: number): void {
    this.#strangers ??= new Int32Array(STRANGERS);
    this.#strangers[placeOf(word)] = word;
  }

  /** Notes that one of its addresses is still in use; a claim is worth more than traffic. */
  renew(address: string, source: ClaimSource, ts: number): boolean {
    const known = this.addresses.get(address);
    if (known === undefined) return false;
    known.last_seen = Math.max(known.last_seen, ts);
    if (known.source === 'traffic') known.source = source;
    return true;
  }
}

const placeOf = (word: number): number => (Math.imul(word, 0x9e3779b1) >>> 24) & (STRANGERS - 1);
