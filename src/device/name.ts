/** Chooses the name of a device for its owner. */
import type { Device } from './device.ts';
import type { Inventory } from './inventory.ts';

/** A name holds what a device says of itself, so it is cut to what fits a sentence. */
const LONGEST = 40;

/** Its own name, else maker and kind, else its address: "RLC-410W (192.168.1.7)", "TP-Link plug (192.168.1.7)". */
export function nameOf(inventory: Inventory, address: string): string {
  const mac = inventory.ownerOf(address);
  const device = mac === null ? null : inventory.device(mac);
  return device ? ownNameOf(device, address) : address;
}

export function ownNameOf(
  device: Pick<Device, 'name' | 'vendor' | 'gateway' | 'self' | 'kind'>,
  address: string,
): string {
  if (device.self) return `This machine (Guardian, ${address})`;
  if (device.name) return `${device.name.slice(0, LONGEST)} (${address})`;
  const words = [
    device.vendor?.slice(0, LONGEST),
    device.gateway ? 'router' : device.kind === 'unknown' ? null : device.kind,
  ];
  const known = words.filter(Boolean).join(' ');
  return known === '' ? address : `${known} (${address})`;
}
