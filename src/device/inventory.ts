/**
 * Who is on the network, learnt from the packets: every device with its addresses, names, services and habits. The clock
 * is that of the packets. All of it is bounded: a flood of made-up addresses is counted, not kept.
 */
import type { AppRecord } from '../flow/app-record.ts';
import type { Packet } from '../packet/packet.ts';
import { AddressOwners } from './address-owner.ts';
import { describeDevice } from './describe.ts';
import type { ClaimSource, Device, DeviceEvent, MergeProposal, OwnedAddress } from './device.ts';
import { proposeMerges } from './identity.ts';
import { MacTable, macBytes } from './mac-table.ts';
import { observeApp } from './observe-app.ts';
import { macText, observePacket } from './observe-packet.ts';
import { defaultPresence, type PresenceOptions } from './presence.ts';
import { DeviceRecord } from './record.ts';
import { SlotQueue } from './slot-queue.ts';
import { absorb, type DeviceState, restoreRecord, saveRecord } from './state.ts';
import type { Vendor } from './vendor.ts';

export interface InventoryOptions extends Partial<PresenceOptions> {
  /** Ceiling of devices; a device that was seen once only makes room for a new one. */
  maxDevices?: number;
  /** The maker behind an address; null knows none. */
  lookupVendor?: (mac: string) => Vendor | null;
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
/** A clock that jumps further is believed only when a second packet says the same. */
const BELIEVABLE_JUMP_SECONDS = 86_400;

export class Inventory {
  readonly #records = new Map<number, DeviceRecord>();
  /** The same, for every packet: an index costs less than a look-up. */
  readonly #bySlot: (DeviceRecord | undefined)[] = [];
  readonly #table: MacTable;
  readonly #owners = new AddressOwners();
  /** Slots in the order of their devices; those that are confirmed meanwhile are passed over. */
  readonly #unconfirmed: SlotQueue;
  readonly #routers = new Set<string>();
  readonly #free: number[] = [];
  readonly #maxDevices: number;
  readonly #presence: PresenceOptions;
  readonly #lookupVendor: (mac: string) => Vendor | null;
  readonly #onEvent: (event: DeviceEvent) => void;
  readonly #counters = { withoutAddress: 0, evicted: 0, overflow: 0 };
  readonly #claim = (device: DeviceRecord, address: string, source: ClaimSource, ts: number): OwnedAddress | null => {
    if (this.#owners.claim(device, address, source, ts)) {
      this.#onEvent({ type: 'device.address', ts, mac: device.mac, address });
    }
    return device.addresses.get(address) ?? null;
  };
  #now = 0;
  #jumpedTo = 0;
  #nextSweep = 0;
  /** No device can be away before. */
  #nextAway = 0;

  constructor(options: InventoryOptions = {}) {
    this.#maxDevices = options.maxDevices ?? DEFAULT_MAX_DEVICES;
    this.#table = new MacTable(this.#maxDevices);
    this.#unconfirmed = new SlotQueue(this.#maxDevices);
    this.#presence = {
      offlineAfterSeconds: options.offlineAfterSeconds ?? defaultPresence.offlineAfterSeconds,
      returnWithinSeconds: options.returnWithinSeconds ?? defaultPresence.returnWithinSeconds,
    };
    this.#lookupVendor = options.lookupVendor ?? (() => null);
    this.#onEvent = options.onEvent ?? (() => {});
  }

  get size(): number {
    return this.#records.size;
  }

  get counters(): InventoryCounters {
    let facts = 0;
    for (const record of this.#records.values()) facts += record.facts.overflow;
    return { ...this.#counters, facts };
  }

  /** Takes a decoded packet (the `onPacket` hook of a capture). */
  packet(packet: Packet): void {
    const { bytes, srcMac, dstMac, origlen } = packet;
    const ts = this.#believe(packet.ts);
    if (srcMac < 0 || isGroup(bytes, srcMac) || isZero(bytes, srcMac)) {
      this.#counters.withoutAddress++;
      return;
    }
    const source = this.#sender(bytes, srcMac, ts);
    if (source !== null) {
      source.packetsSent++;
      source.bytesSent += origlen;
      observePacket(packet, ts, source, this.#claim);
    }
    if (dstMac < 0 || isGroup(bytes, dstMac)) return;
    const slot = this.#table.find(bytes, dstMac);
    const target = slot < 0 ? undefined : this.#bySlot[slot];
    if (target === undefined || target === source) return;
    target.packetsReceived++;
    target.bytesReceived += origlen;
    if (packet.ipVersion === 4 && isInternet(packet.dst0)) noteForwarding(target, packet.dst0);
  }

  /** Takes a record of an application protocol (the `onApp` hook of a capture), after the packet that it came from. */
  app(record: AppRecord): void {
    observeApp(record, {
      byMac: (mac) => (mac === null ? undefined : this.#find(mac)),
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
    this.#elapse();
    const records = [...this.#records.values()].sort((a, b) => a.firstSeen - b.firstSeen);
    return records.map((record) => describeDevice(record, this.#routers, this.#lookupVendor));
  }

  device(mac: string): Device | null {
    const record = this.#find(mac);
    return record === undefined ? null : describeDevice(record, this.#routers, this.#lookupVendor);
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
    for (const { mac, macs, addresses } of this.#records.values()) {
      if (addresses.size > 0) yield { mac, macs, addresses: [...addresses.values()] };
    }
  }

  /** Pairs that are probably one device: for the owner to decide. */
  mergeProposals(): MergeProposal[] {
    return proposeMerges([...this.#records.values()]);
  }

  /** The time of a packet, or that of the last one where it would be a leap that nothing else confirms. */
  #believe(ts: number): number {
    if (ts <= this.#now) return ts;
    if (this.#now > 0 && ts - this.#now > BELIEVABLE_JUMP_SECONDS) {
      const isConfirmed = Math.abs(ts - this.#jumpedTo) < BELIEVABLE_JUMP_SECONDS;
      this.#jumpedTo = ts;
      if (!isConfirmed) return this.#now;
    }
    this.#now = ts;
    if (ts >= this.#nextSweep) {
      this.#nextSweep = ts + SWEEP_SECONDS;
      if (ts > this.#nextAway) this.#elapse();
    }
    return ts;
  }

  #elapse(): void {
    this.#nextAway = this.#now + this.#presence.offlineAfterSeconds;
    for (const { presence, mac } of this.#records.values()) {
      if (presence.elapse(this.#now)) this.#onEvent({ type: 'device.offline', ts: this.#now, mac });
      if (presence.online) this.#nextAway = Math.min(this.#nextAway, presence.lastSeen + presence.patience);
    }
  }

  /**
   * The owner says that both are one device: the entry of `from` becomes part of `into`, which has its address, its past
   * and its future packets then. False where one of them is not known.
   */
  merge(from: string, into: string): boolean {
    const slot = this.#table.find(macBytes(from), 0);
    const target = this.#table.find(macBytes(into), 0);
    const younger = this.#records.get(slot);
    const older = this.#records.get(target);
    if (younger === undefined || older === undefined || younger === older) return false;
    this.#nextAway = 0;
    this.#owners.release(younger);
    absorb(older, younger);
    for (const { address, source, last_seen } of younger.addresses.values())
      this.#claim(older, address, source, last_seen);
    this.#confirm(older, older.presence.lastSeen);
    this.#records.delete(slot);
    this.#bySlot[slot] = undefined;
    this.#table.remove(slot);
    this.#free.push(slot);
    for (const mac of younger.macs) this.#point(mac, target);
    return true;
  }

  /** Forgets a device; false where it is not known. Its next packet makes it a new one. */
  forget(mac: string): boolean {
    const slot = this.#table.find(macBytes(mac), 0);
    const record = this.#records.get(slot);
    if (record === undefined) return false;
    this.#owners.release(record);
    this.#records.delete(slot);
    this.#bySlot[slot] = undefined;
    this.#table.remove(slot);
    this.#free.push(slot);
    return true;
  }

  /** What each device has sent and received so far, without the cost of describing it. */
  *totals(): Generator<{ mac: string; packets: number; bytes: number }> {
    for (const { mac, packetsSent, packetsReceived, bytesSent, bytesReceived } of this.#records.values()) {
      yield { mac, packets: packetsSent + packetsReceived, bytes: bytesSent + bytesReceived };
    }
  }

  /** The clock of the packets was set by so many seconds: nobody has been silent for that long. */
  shift(seconds: number): void {
    this.#now += seconds;
    this.#nextSweep = this.#now + SWEEP_SECONDS;
    for (const { presence } of this.#records.values()) {
      presence.restore(presence.lastSeen + seconds, presence.online, presence.longestSilence);
    }
  }

  /** Everything that is known, to go on with after a restart. */
  save(): DeviceState[] {
    return [...this.#records.values()].filter(({ confirmed }) => confirmed).map(saveRecord);
  }

  /** Takes what `save` gave; devices that are known already are left as they are. */
  restore(states: readonly DeviceState[]): void {
    this.#nextAway = 0;
    for (const state of states) {
      const bytes = macBytes(state.mac);
      if (bytes.length !== 6 || this.#table.find(bytes, 0) >= 0) continue;
      const record = this.#add(bytes, 0, state.first_seen);
      if (record === null) return;
      record.confirmed = true;
      restoreRecord(record, state);
      const slot = this.#table.find(bytes, 0);
      for (const mac of state.macs) {
        if (mac === state.mac) continue;
        record.macs.push(mac);
        this.#point(mac, slot);
      }
      for (const { address, source, first_seen, last_seen } of state.addresses) {
        this.#owners.claim(record, address, source, first_seen);
        record.renew(address, source, last_seen);
      }
    }
  }

  /** Makes another link-layer address the device's. */
  #point(mac: string, slot: number): void {
    const bytes = macBytes(mac);
    if (this.#table.find(bytes, 0) < 0) this.#table.set(bytes, 0, slot);
  }

  #find(mac: string): DeviceRecord | undefined {
    return this.#records.get(this.#table.find(macBytes(mac), 0));
  }

  #sender(bytes: Uint8Array, at: number, ts: number): DeviceRecord | null {
    const slot = this.#table.find(bytes, at);
    const known = slot < 0 ? undefined : this.#bySlot[slot];
    if (known === undefined) return this.#add(bytes, at, ts);
    if (ts < known.firstSeen) known.firstSeen = ts;
    if (!known.confirmed && ts - known.firstSeen >= CONFIRMED_AFTER_SECONDS) this.#confirm(known, ts);
    if (known.presence.seen(ts)) {
      this.#mayLeave(ts);
      this.#onEvent({ type: 'device.online', ts, mac: known.mac });
    }
    return known;
  }

  #add(bytes: Uint8Array, at: number, ts: number): DeviceRecord | null {
    if (this.#records.size >= this.#maxDevices && !this.#evict()) {
      this.#counters.overflow++;
      return null;
    }
    const slot = this.#free.pop() ?? this.#records.size;
    const record = new DeviceRecord(macText(bytes, at), ts, this.#presence);
    this.#mayLeave(ts);
    this.#records.set(slot, record);
    this.#bySlot[slot] = record;
    this.#table.set(bytes, at, slot);
    this.#unconfirmed.push(slot);
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
    for (let slot = this.#unconfirmed.shift(); slot >= 0; slot = this.#unconfirmed.shift()) {
      const record = this.#records.get(slot);
      if (record === undefined || record.confirmed) continue;
      this.#owners.release(record);
      this.#table.remove(slot);
      this.#records.delete(slot);
      this.#bySlot[slot] = undefined;
      this.#free.push(slot);
      this.#counters.evicted++;
      return true;
    }
    return false;
  }
}

export function createInventory(options: InventoryOptions = {}): Inventory {
  return new Inventory(options);
}

const isGroup = (bytes: Uint8Array, at: number): boolean => (bytes[at] & 1) !== 0;

function isZero(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 6; i++) if (bytes[at + i] !== 0) return false;
  return true;
}

/** A unicast IPv4 address outside the private, shared, link-local and loopback ranges. */
function isInternet(word: number): boolean {
  const first = word >>> 24;
  const second = (word >>> 16) & 0xff;
  if (first === 0 || first === 10 || first === 127 || first >= 224) return false;
  if (first === 172) return second < 16 || second > 31;
  if (first === 100) return second < 64 || second > 127;
  return !((first === 192 && second === 168) || (first === 169 && second === 254));
}

function noteForwarding(target: DeviceRecord, remote: number): void {
  target.forwarded++;
  if (target.firstRemote === 0) target.firstRemote = remote;
  else if (target.firstRemote !== remote) target.forwardsMany = true;
}
