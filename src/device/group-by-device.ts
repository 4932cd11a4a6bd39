/** Addresses as devices: those of one link-layer address are one, and nobody's addresses are none. */

import { scopeOf } from '../packet/address-scope.ts';
import type { Inventory } from './inventory.ts';

/** False for "no address yet" (0.0.0.0 and ::), and for groups and broadcasts. */
const isDeviceAddress = (address: string): boolean =>
  address !== '0.0.0.0' && address !== '::' && scopeOf(address) !== 'multicast';

/**
 * What is known by address becomes what is known by device; where no link-layer address is known, every address is one.
 * A device is listed under its first IPv4 address, by which people know it.
 */
export function gatherDevices<T extends { address: string }>(
  entries: Iterable<T>,
  inventory: Pick<Inventory, 'ownerOf'>,
): T[][] {
  const byDevice = new Map<string, T[]>();
  for (const entry of entries) {
    if (!isDeviceAddress(entry.address)) continue;
    const key = inventory.ownerOf(entry.address) ?? entry.address;
    const own = byDevice.get(key);
    if (own) own.push(entry);
    else byDevice.set(key, [entry]);
  }
  const isV6 = ({ address }: T): number => (address.includes(':') ? 1 : 0);
  return [...byDevice.values()].map((own) => own.sort((a, b) => isV6(a) - isV6(b)));
}
