/**
 * What was learned stays with the device. The engine knows devices by IP address, the inventory by link-layer address:
 * when a device goes by another IP address, what was learned under the old one is moved to it. What is kept where is
 * read from the two every time, so that nothing can get out of step with them, over restarts and merges too.
 */
import type { Engine } from '../../detector/engine.ts';
import type { OwnedAddress } from '../../device/device.ts';
import type { Inventory, Owner } from '../../device/inventory.ts';
import { parseAddress } from '../../packet/address.ts';
import { scopeOf } from '../../packet/address-scope.ts';

/** An address that was not used for so many seconds while another was has been given up. A new lease says so at once. */
const GIVEN_UP = 60;
/** Moves at one look, each some milliseconds: a house that is renumbered must not hold up the packets. */
const MOST_MOVES = 4;

/** The engine's name for a device whose address somebody else has now. */
export const awayKey = (mac: string): string => `@${mac}`;

export class FollowAddresses {
  readonly #inventory: Inventory;
  readonly #engine: Engine;
  #moves = 0;

  constructor(inventory: Inventory, engine: Engine) {
    this.#inventory = inventory;
    this.#engine = engine;
  }

  /** Looks at every device, and moves what has to be moved; false where there was too much of it for one look. */
  follow(): boolean {
    this.#moves = 0;
    const devices = [...this.#inventory.owners()].filter((device) => this.#mayMove(device));
    for (const { mac, addresses } of devices) this.#store(mac, addresses);
    for (const { macs, mac, addresses } of devices) {
      const own = addresses.filter(({ address }) => this.#inventory.ownerOf(address) === mac);
      this.#gather(macs, own);
    }
    return this.#moves <= MOST_MOVES;
  }

  /** Not who has had one address always, or of whom nothing was learned. */
  #mayMove({ macs, addresses }: Owner): boolean {
    const isAway = macs.some((mac) => this.#engine.knownSince(awayKey(mac)) !== null);
    if (isAway || addresses.length < 2) {
      return isAway || this.#inventory.addressOf(addresses[0].address) !== addresses[0];
    }
    return addresses.some(({ address }) => this.#engine.knownSince(address) !== null);
  }

  /** What was learned of a device under an address that is another's by now waits for it under its own name. */
  #store(mac: string, addresses: readonly OwnedAddress[]): void {
    for (const { address, last_seen } of addresses) {
      const since = this.#engine.knownSince(address);
      if (since === null || since > last_seen || this.#inventory.ownerOf(address) === mac) continue;
      const heir = this.#inventory.addressOf(address);
      // Two that quarrel about an address (it may be spoofed) both speak under it.
      if (heir !== null && heir.last_seen - last_seen >= GIVEN_UP) this.#move(address, awayKey(mac));
    }
  }

  /** What was learned earlier, under addresses that it has given up, goes to the address of the kind that it uses. */
  #gather(macs: readonly string[], own: readonly OwnedAddress[]): void {
    const latest = [...own].sort((a, b) => b.last_seen - a.last_seen);
    for (const [kind, [current, ...others]] of Map.groupBy(latest, kindOf)) {
      for (const before of kind === null ? [] : others) {
        const isLease = current.source === 'dhcp' && current.first_seen > before.last_seen;
        if (isLease || current.last_seen - before.last_seen >= GIVEN_UP)
          this.#bequeath(before.address, current.address, isLease);
      }
    }
    if (latest.length === 0) return;
    const [{ address, source }] = latest;
    for (const mac of macs) this.#bequeath(awayKey(mac), address, source === 'dhcp');
  }

  /**
   * Addresses that are used in turn keep their own pasts: the later one's does not go to the earlier. An address that
   * was not spoken under yet is believed where it is leased; what a neighbour table says may be long over.
   */
  #bequeath(from: string, to: string, isLease: boolean): void {
    const [since, other] = [this.#engine.knownSince(from), this.#engine.knownSince(to)];
    if (since !== null && (other === null ? isLease : since < other)) this.#move(from, to);
  }

  #move(from: string, to: string): void {
    if (this.#moves++ < MOST_MOVES) this.#engine.move(from, to);
  }
}

/** Addresses of one kind can stand in for each other: local IPv4, and IPv6 of a /64 (RFC 8981 changes the rest daily). */
function kindOf({ address }: OwnedAddress): string | null {
  if (!address.includes(':')) return scopeOf(address) === 'local' ? 'local' : null;
  const words = parseAddress(address)?.words;
  return words === undefined ? null : `${words[0]}:${words[1]}`;
}
