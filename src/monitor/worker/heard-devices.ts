/** Which devices are heard talking to others than this machine: what the sensor can see from where it is plugged in. */
import type { Inventory } from '../../device/inventory.ts';
import type { Conn } from '../../flow/conn.ts';
import { scopeOf } from '../../packet/address-scope.ts';

/** As many as an inventory has. */
const MOST = 4096;

export class HeardDevices {
  readonly #inventory: Inventory;
  readonly #ownMacs: ReadonlySet<string>;
  readonly #heard = new Set<string>();

  constructor(inventory: Inventory, ownMacs: ReadonlySet<string>) {
    this.#inventory = inventory;
    this.#ownMacs = ownMacs;
  }

  get size(): number {
    return this.#heard.size;
  }

  /** What is for many at once reaches every port of a switch, and what is for this machine reaches it anyway. */
  conn({ id_orig_h, id_resp_h }: Conn): void {
    if (id_orig_h === null || id_resp_h === null || scopeOf(id_resp_h) === 'multicast') return;
    const ends = [this.#inventory.ownerOf(id_orig_h), this.#inventory.ownerOf(id_resp_h)];
    if (ends.some((mac) => mac !== null && this.#ownMacs.has(mac))) return;
    for (const mac of ends) if (mac !== null && this.#heard.size < MOST) this.#heard.add(mac);
  }

  forget(mac: string): void {
    this.#heard.delete(mac);
  }
}
