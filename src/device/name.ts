/** What to call a device to its owner. */
import type { Inventory } from './inventory.ts';

/** A name holds what a device says of itself, so it is cut to what fits a sentence. */
const LONGEST = 40;

/** The owner's name for it, else its own name, else maker and kind, else its address: "Hall camera", "TP-Link plug (192.168.1.7)", "192.168.1.7". */
export function nameOf(
  inventory: Inventory,
  address: string,
  ownersName: (mac: string) => string | null = () => null,
): string {
  const mac = inventory.ownerOf(address);
  const given = mac === null ? null : ownersName(mac);
  if (given !== null) return given;
  const device = mac === null ? null : inventory.device(mac);
  if (!device) return address;
  if (device.name) return `${device.name.slice(0, LONGEST)} (${address})`;
  const words = [
    device.vendor?.slice(0, LONGEST),
    device.gateway ? 'router' : device.kind === 'unknown' ? null : device.kind,
  ];
  const known = words.filter(Boolean).join(' ');
  return known === '' ? address : `${known} (${address})`;
}
