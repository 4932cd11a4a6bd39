/** Tells of devices that come, go and come back, each under its link-layer address. */
import type { Inventory } from '../../device/inventory.ts';
import type { MonitorEvent } from '../monitor-event.ts';

/** A flood of made-up addresses is not told one by one. */
const MOST_NEW_DEVICES = 32;

export class DeviceEvents {
  readonly #told = new Set<string>();
  readonly #inventory: Inventory;
  readonly #onEvent: (event: MonitorEvent) => void;

  constructor(inventory: Inventory, onEvent: (event: MonitorEvent) => void) {
    this.#inventory = inventory;
    this.#onEvent = onEvent;
  }

  /** Devices that were told of before a restart. */
  restore(macs: Iterable<string>): void {
    for (const mac of macs) this.#told.add(mac);
  }

  tell(mac: string, event: 'found' | 'online' | 'offline'): void {
    const device = this.#inventory.device(mac);
    if (device === null) return;
    this.#told.add(mac);
    this.#onEvent({ type: 'device', event, ...device });
  }

  /** Tells of those that are new since the last look, even of those that said one word only. */
  announce(): void {
    if (this.#inventory.size === this.#told.size) return;
    const fresh = this.#inventory.devices().filter(({ mac }) => !this.#told.has(mac));
    for (const { mac } of fresh.slice(0, MOST_NEW_DEVICES)) this.tell(mac, 'found');
    // Devices that made room for others are forgotten here too.
    for (const mac of this.#told) if (this.#inventory.device(mac) === null) this.#told.delete(mac);
  }

  forget(mac: string): void {
    this.#told.delete(mac);
  }
}
