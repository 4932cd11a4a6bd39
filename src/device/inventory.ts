/**
 * Who is on the network, learnt from the packets: every device with its addresses, names, services and habits. The clock
 * is that of the packets. All of it is bounded: a flood of made-up addresses is counted, not kept.
 */
import type { AppRecord } from '../flow/app-record.ts';
import { type PacketWatcher, StationCounts } from '../flow/station-counts.ts';
import { isForeign, scopeOfIpv4 } from '../packet/address-scope.ts';
import type { Packet } from '../packet/packet.ts';
import { AddressOwners } from './address-owner.ts';
import { describeDevice } from './describe.ts';
import type { ClaimSource, Device, DeviceEvent, MergeProposal, OwnedAddress } from './device.ts';
import { DeviceTable } from './device-table.ts';
import { proposeMerges } from './identity.ts';
import { isGroup, isZero, macBytes } from './mac-table.ts';
import { observeApp } from './observe-app.ts';
import { macText, observePacket, tellsAll } from './observe-packet.ts';
import { defaultPresence, type PresenceOptions } from './presence.ts';
import { DeviceRecord } from './record.ts';
import { absorb, type DeviceState, restoreRecord, saveRecord } from './state.ts';
import type { Vendor } from './vendor.ts';

export interface InventoryOptions extends Partial<PresenceOptions> {
  /** Ceiling of devices; a device that was seen once only makes room for a new one. */
  maxDevices?: number;
  /** The maker behind an address; null knows none. */
  lookupVendor?: (mac: string) => Vendor | null;
  /** True for a link-layer address of the machine that Guardian runs on. */
  isSelf?: (mac: string) => boolean;
  onEvent?: (event: DeviceEvent) => void;
}

export interface InventoryCounters {
  /** Frames without link-layer addresses, which belong to nobody. */
  withoutAddress: number;
  /** Devices that were seen once only and made room for others. */
  evicted: number;
  /** Frames of devices that found no room. */
  overflow: number;
  /** Facts that were not kept because a device had too many of that type. */
  facts: number;
}

/** A device with the IP addresses that it has used. */
export interface Owner {
  mac: string;
  macs: readonly string[];
  addresses: readonly OwnedAddress[];
}

const DEFAULT_MAX_DEVICES = 4096;
/** Spoke at least this long after its first word: no address of a flood. */
const CONFIRMED_AFTER_SECONDS = 1;
/** Devices are looked over for absence this often, in seconds of the packets. */
const SWEEP_SECONDS = 10;
/** Seconds after which a repeated packet counts again: for so long the addresses of a device may seem unused. */
const RENEWAL_SECONDS = 30;
/** A clock that jumps further is believed only when a second packet says the same. */
const BELIEVABLE_JUMP_SECONDS = 86_400;

export class Inventory implements PacketWatcher {
  readonly #devices: DeviceTable;
  readonly #owners = new AddressOwners();
  readonly #routers = new Set<string>();
  readonly #presence: PresenceOptions;
  readonly #lookupVendor: (mac: string) => Vendor | null;
  readonly #isSelf: (mac: string) => boolean;
  readonly #onEvent: (event: DeviceEvent) => void;
  readonly #counters = { withoutAddress: 0, evicted: 0, overflow: 0 };
  readonly #claim = (device: DeviceRecord, address: string, source: ClaimSource, ts: number): OwnedAddress | null => {
    if (this.#owners.claim(device, address, source, ts)) {
      // What was said of packets from that address was said of somebody else's.
      this.#counts.renew();
      this.#onEvent({ type: 'device.address', ts, mac: device.mac, address });
    }
    return device.addresses.get(address) ?? null;
  };
  #counts = new StationCounts();
  #now = 0;
  #jumpedTo = 0;
  #nextSweep = 0;
  #nextRenewal = 0;
  /** No device can be away before. */
  #nextAway = 0;

  constructor(options: InventoryOptions = {}) {
    this.#devices = new DeviceTable(options.maxDevices ?? DEFAULT_MAX_DEVICES);
    this.#presence = {
      offlineAfterSeconds: options.offlineAfterSeconds ?? defaultPresence.offlineAfterSeconds,
      returnWithinSeconds: options.returnWithinSeconds ?? defaultPresence.returnWithinSeconds,
    };
    this.#lookupVendor = options.lookupVendor ?? (() => null);
    this.#isSelf = options.isSelf ?? (() => false);
    this.#onEvent = options.onEvent ?? (() => {});
  }

  get size(): number {
    return this.#devices.size;
  }

  get counters(): InventoryCounters {
    let facts = 0;
    for (const record of this.#devices.values()) facts += record.facts.overflow;
    return { ...this.#counters, facts };
  }

  /** Packets that would tell nothing new are counted there from now on. */
  watch(counts: StationCounts): void {
    this.#settle();
    this.#counts = counts;
    counts.showFrom(this.#nextSweep);
  }

  /** Takes a decoded packet (as the `watcher` of a capture, or by its `onPacket` hook). */
  packet(packet: Packet): number {
    const { bytes, srcMac, dstMac, origlen } = packet;
    const ts = this.#believe(packet.ts);
    if (srcMac < 0 || isGroup(bytes, srcMac) || isZero(bytes, srcMac)) {
      this.#counters.withoutAddress++;
      return 0;
    }
    const source = this.#sender(bytes, srcMac, ts);
    if (source !== null) {
      source.packetsSent++;
      source.bytesSent += origlen;
      const { entry } = source.v4;
      observePacket(packet, ts, source, this.#claim);
      if (source.v4.entry !== entry) source.renewEntry(entry, this.#counts.lastSpoke(source.slot));
    }
    const target = dstMac < 0 || isGroup(bytes, dstMac) ? undefined : this.#devices.find(bytes, dstMac);
    const isForwarded = target !== undefined && packet.ipVersion === 4 && scopeOfIpv4(packet.dst0) === 'external';
    if (target !== undefined && target !== source) {
      target.packetsReceived++;
      target.bytesReceived += origlen;
      if (isForwarded) noteForwarding(target, packet.dst0);
    }
    if (source === null || !source.confirmed || !source.presence.online || !tellsAll(packet)) return 0;
    const receiver = target === undefined || target === source ? -1 : target.slot;
    const isV4 = packet.ipVersion === 4;
    const isOwn = (isV4 ? source.v4 : source.v6).entry !== null;
    // A local address may become its own with any packet that nobody has forwarded.
    if (!isOwn && !isForeign(packet)) return 0;
    return this.#counts.alike(source.slot, receiver, isForwarded, isOwn && isV4);
  }

  /** Takes a record of an application protocol (the `onApp` hook of a capture), after the packet that it came from. */
  app(record: AppRecord): void {
    observeApp(record, {
      byMac: (mac) => (mac === null ? undefined : this.#devices.named(mac)),
      byAddress: (address) => this.#owners.of(address),
      claim: this.#claim,
      router: (address) => {
        if (this.#routers.size < 16) this.#routers.add(address);
      },
    });
  }

  /** A device that was found by asking for it: its address, and a name where one is known. */
  neighbour(mac: string, address: string, when: number, name: string | null = null): void {
    const ts = this.#believe(when);
    const bytes = macBytes(mac);
    if (bytes.length !== 6 || isGroup(bytes, 0) || isZero(bytes, 0)) return;
    const device = this.#sender(bytes, 0, ts);
    if (device === null) return;
    this.#confirm(device, ts);
    this.#claim(device, address, address.includes(':') ? 'nd' : 'arp', ts);
    device.facts.add('dhcp_name', name);
  }

  /** Moves the clock, so that devices are noticed to be away while nobody speaks. */
  advance(ts: number): void {
    this.#believe(ts);
  }

  /** All devices, those that came first in front. */
  devices(): Device[] {
    this.#settle();
    this.#elapse();
    const records = [...this.#devices.values()].sort((a, b) => a.firstSeen - b.firstSeen);
    return records.map((record) => this.#describe(record));
  }

  device(mac: string): Device | null {
    this.#settle();
    const record = this.#devices.named(mac);
    return record === undefined ? null : this.#describe(record);
  }

  #describe(record: DeviceRecord): Device {
    return describeDevice(record, this.#routers, this.#lookupVendor, this.#isSelf);
  }

  /** The link-layer address of the device that has the IP address now. */
  ownerOf(address: string): string | null {
    return this.#owners.of(address)?.mac ?? null;
  }

  /** The entry of the IP address with the device that has it now; null where nobody has. */
  addressOf(address: string): OwnedAddress | null {
    return this.#owners.of(address)?.addresses.get(address) ?? null;
  }

  /** Devices that have used IP addresses, and which, without the cost of describing them. */
  *owners(): Generator<Owner> {
    for (const { mac, macs, addresses } of this.#devices.values()) {
      if (addresses.size > 0) yield { mac, macs, addresses: [...addresses.values()] };
    }
  }

  /** Pairs that are probably one device: for the owner to decide. */
  mergeProposals(): MergeProposal[] {
    return proposeMerges([...this.#devices.values()]);
  }

  /** The time of a packet, or that of the last one where it would be a leap that nothing else confirms. */
  #believe(ts: number): number {
    this.#now = Math.max(this.#now, this.#counts.now);
    if (ts <= this.#now) return ts;
    if (this.#now > 0 && ts - this.#now > BELIEVABLE_JUMP_SECONDS) {
      const isConfirmed = Math.abs(ts - this.#jumpedTo) < BELIEVABLE_JUMP_SECONDS;
      this.#jumpedTo = ts;
      if (!isConfirmed) return this.#now;
    }
    this.#now = ts;
    if (ts >= this.#nextSweep) {
      this.#nextSweep = ts + SWEEP_SECONDS;
      this.#counts.showFrom(this.#nextSweep);
      if (ts >= this.#nextRenewal) {
        this.#nextRenewal = ts + RENEWAL_SECONDS;
        this.#counts.renew();
      }
      if (ts > this.#nextAway) this.#elapse();
    }
    return ts;
  }

  #elapse(): void {
    this.#nextAway = this.#now + this.#presence.offlineAfterSeconds;
    for (const { presence, mac, slot } of this.#devices.values()) {
      presence.heardUntil(this.#counts.lastHeard(slot));
      if (presence.elapse(this.#now)) {
        // Its return is to be seen.
        this.#counts.renew();
        this.#onEvent({ type: 'device.offline', ts: this.#now, mac });
      }
      if (presence.online) this.#nextAway = Math.min(this.#nextAway, presence.lastSeen + presence.patience);
    }
  }

  /**
   * The owner says that both are one device: the entry of `from` becomes part of `into`, which has its address, its past
   * and its future packets then. False where one of them is not known.
   */
  merge(from: string, into: string): boolean {
    const younger = this.#devices.named(from);
    const older = this.#devices.named(into);
    if (younger === undefined || older === undefined || younger === older) return false;
    this.#settle();
    this.#counts.renew();
    this.#nextAway = 0;
    this.#owners.release(younger);
    absorb(older, younger);
    for (const { address, source, last_seen } of younger.addresses.values())
      this.#claim(older, address, source, last_seen);
    this.#confirm(older, older.presence.lastSeen);
    this.#devices.drop(younger);
    for (const mac of younger.macs) this.#devices.point(mac, older);
    return true;
  }

  /** Forgets a device; false where it is not known. Its next packet makes it a new one. */
  forget(mac: string): boolean {
    const record = this.#devices.named(mac);
    if (record === undefined) return false;
    this.#counts.renew();
    this.#owners.release(record);
    this.#devices.drop(record);
    return true;
  }

  /** Bytes and packets of each device so far, without the cost of describing it. */
  *totals(): Generator<{ mac: string; packets: number; bytes: number }> {
    this.#settle();
    for (const { mac, packetsSent, packetsReceived, bytesSent, bytesReceived } of this.#devices.values()) {
      yield { mac, packets: packetsSent + packetsReceived, bytes: bytesSent + bytesReceived };
    }
  }

  /** The clock of the packets was set by so many seconds: nobody has been silent for that long. */
  shift(seconds: number): void {
    this.#settle();
    this.#now += seconds;
    this.#nextSweep = this.#now + SWEEP_SECONDS;
    this.#nextRenewal = 0;
    this.#counts.showFrom(this.#nextSweep);
    this.#counts.renew();
    for (const { presence, slot } of this.#devices.values()) {
      presence.restore(presence.lastSeen + seconds, presence.online, presence.longestSilence);
      this.#counts.heard(slot, presence.lastSeen, presence.longestSilence);
    }
  }

  /** Takes over what was counted elsewhere. */
  #settle(): void {
    this.#now = Math.max(this.#now, this.#counts.now);
    for (const record of this.#devices.values()) record.settle(this.#counts);
  }

  /** Everything that is known, to go on with after a restart. */
  save(): DeviceState[] {
    this.#settle();
    return [...this.#devices.values()].filter(({ confirmed }) => confirmed).map(saveRecord);
  }

  /** Takes what `save` gave; devices that are known already are left as they are. */
  restore(states: readonly DeviceState[]): void {
    this.#nextAway = 0;
    for (const state of states) {
      const bytes = macBytes(state.mac);
      if (bytes.length !== 6 || this.#devices.find(bytes, 0) !== undefined) continue;
      const record = this.#add(bytes, 0, state.first_seen);
      if (record === null) return;
      record.confirmed = true;
      restoreRecord(record, state);
      for (const mac of state.macs) {
        if (mac === state.mac) continue;
        record.macs.push(mac);
        this.#devices.point(mac, record);
      }
      for (const { address, source, first_seen, last_seen } of state.addresses) {
        this.#owners.claim(record, address, source, first_seen);
        record.renew(address, source, last_seen);
      }
    }
  }

  #sender(bytes: Uint8Array, at: number, ts: number): DeviceRecord | null {
    const known = this.#devices.find(bytes, at);
    if (known === undefined) return this.#add(bytes, at, ts);
    if (ts < known.firstSeen) known.firstSeen = ts;
    if (!known.confirmed && ts - known.firstSeen >= CONFIRMED_AFTER_SECONDS) this.#confirm(known, ts);
    const { presence, slot } = known;
    presence.heardUntil(this.#counts.lastHeard(slot));
    if (presence.seen(ts)) {
      this.#mayLeave(ts);
      this.#onEvent({ type: 'device.online', ts, mac: known.mac });
    }
    this.#counts.heard(slot, presence.lastSeen, presence.longestSilence);
    return known;
  }

  #add(bytes: Uint8Array, at: number, ts: number): DeviceRecord | null {
    if (this.#devices.isFull && !this.#evict()) {
      this.#counters.overflow++;
      return null;
    }
    const slot = this.#devices.nextSlot();
    // What was said of others' packets was without it, and its place may have been another's.
    this.#counts.renew();
    this.#counts.reset(slot);
    this.#counts.heard(slot, ts, 0);
    const record = new DeviceRecord(slot, macText(bytes, at), ts, this.#presence);
    this.#mayLeave(ts);
    this.#devices.add(bytes, at, record);
    return record;
  }

  /** A device is there that may have spoken earlier than the others. */
  #mayLeave(ts: number): void {
    this.#nextAway = Math.min(this.#nextAway, ts + this.#presence.offlineAfterSeconds);
  }

  /** It is no address of a flood: from now on it stays, and is told of. */
  #confirm(record: DeviceRecord, ts: number): void {
    if (record.confirmed) return;
    record.confirmed = true;
    this.#onEvent({ type: 'device.found', ts, mac: record.mac });
  }

  /** Makes room: the oldest device that never came back is forgotten. */
  #evict(): boolean {
    const record = this.#devices.nextUnconfirmed();
    if (record === null) return false;
    this.#owners.release(record);
    this.#devices.drop(record);
    this.#counters.evicted++;
    return true;
  }
}

export function createInventory(options: InventoryOptions = {}): Inventory {
  return new Inventory(options);
}

function noteForwarding(target: DeviceRecord, remote: number): void {
  target.forwarded++;
  if (target.firstRemote === 0) target.firstRemote = remote;
  else if (target.firstRemote !== remote) target.forwardsMany = true;
}
