/** The devices of an inventory by their link-layer addresses, in numbered places that are used again. */
import { MacTable, macBytes } from './mac-table.ts';
import type { DeviceRecord } from './record.ts';
import { SlotQueue } from './slot-queue.ts';

export class DeviceTable {
  readonly #records = new Map<number, DeviceRecord>();
  /** The same, for every packet: an index costs less than a look-up. */
  readonly #bySlot: (DeviceRecord | undefined)[] = [];
  /** Those that were asked for by the text of an address. */
  readonly #named = new Map<string, DeviceRecord>();
  readonly #macs: MacTable;
  /** Slots in the order of their devices; those that are confirmed meanwhile are passed over. */
  readonly #unconfirmed: SlotQueue;
  readonly #free: number[] = [];
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#macs = new MacTable(capacity);
    this.#unconfirmed = new SlotQueue(capacity);
  }

  get size(): number {
    return this.#records.size;
  }

  get isFull(): boolean {
    return this.#records.size >= this.#capacity;
  }

  /** In the order in which they came. */
  values(): MapIterator<DeviceRecord> {
    return this.#records.values();
  }

  /** The device with the six bytes at `at`. */
  find(bytes: Uint8Array, at: number): DeviceRecord | undefined {
    const slot = this.#macs.find(bytes, at);
    return slot < 0 ? undefined : this.#bySlot[slot];
  }

  /** The device with an address as text. */
  named(mac: string): DeviceRecord | undefined {
    const known = this.#named.get(mac);
    if (known !== undefined) return known;
    const found = this.find(macBytes(mac), 0);
    if (found !== undefined) this.#named.set(mac, found);
    return found;
  }

  /** Where the next device goes; needs room. */
  nextSlot(): number {
    return this.#free.pop() ?? this.#records.size;
  }

  /** Adds the device, which has the address at `at` and a slot from `nextSlot`. */
  add(bytes: Uint8Array, at: number, record: DeviceRecord): void {
    this.#records.set(record.slot, record);
    this.#bySlot[record.slot] = record;
    this.#macs.set(bytes, at, record.slot);
    this.#unconfirmed.push(record.slot);
  }

  /** Makes another link-layer address the device's; one that somebody has stays his. */
  point(mac: string, record: DeviceRecord): void {
    const bytes = macBytes(mac);
    if (this.#macs.find(bytes, 0) < 0) this.#macs.set(bytes, 0, record.slot);
  }

  /** Forgets the device, with all addresses that it has. */
  drop(record: DeviceRecord): void {
    const { slot, macs } = record;
    for (const mac of macs) {
      const bytes = macBytes(mac);
      if (this.#macs.find(bytes, 0) === slot) this.#macs.remove(bytes, 0);
    }
    this.#named.clear();
    this.#records.delete(slot);
    this.#bySlot[slot] = undefined;
    this.#free.push(slot);
  }

  /** Takes the oldest device that was never confirmed off the queue of those. */
  nextUnconfirmed(): DeviceRecord | null {
    for (let slot = this.#unconfirmed.shift(); slot >= 0; slot = this.#unconfirmed.shift()) {
      const record = this.#bySlot[slot];
      if (record !== undefined && !record.confirmed) return record;
    }
    return null;
  }
}
