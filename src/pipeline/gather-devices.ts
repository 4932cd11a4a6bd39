/** Addresses as devices: those of one link-layer address are one, and nobody's addresses are none. */
import type { Inventory } from '../device/inventory.ts';
import { scopeOf } from '../feature/host.ts';

/** False for "no address yet" (0.0.0.0 and ::), and for groups and broadcasts. */
export const isDeviceAddress = (address: string): boolean =>
  address !== '0.0.0.0' && address !== '::' && scopeOf(address) !== 'multicast';

/** The address that a device is listed under: people know IPv4 addresses, and of those the one seen first. */
const better = (one: string, other: string): string => (one.includes(':') && !other.includes(':') ? other : one);

/** Numbers by address become numbers by device; without link-layer addresses every address is one. */
export function gatherDevices(
  numbers: Iterable<readonly [address: string, number: number]>,
  inventory: Pick<Inventory, 'ownerOf'>,
): Map<string, number> {
  const byOwner = new Map<string, { address: string; sum: number }>();
  for (const [address, number] of numbers) {
    if (!isDeviceAddress(address)) continue;
    const key = inventory.ownerOf(address) ?? address;
    const own = byOwner.get(key);
    byOwner.set(key, { address: own ? better(own.address, address) : address, sum: number + (own?.sum ?? 0) });
  }
  return new Map([...byOwner.values()].map(({ address, sum }) => [address, sum]));
}
