/** A device that was asked for and is there. */
export interface Neighbour {
  mac: string;
  address: string;
}

const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;

/** Null where that is no address of a single device. */
export function neighbourOf(address: string, mac: string): Neighbour | null {
  const lower = mac.toLowerCase();
  if (!MAC.test(lower) || lower === '00:00:00:00:00:00' || (Number.parseInt(lower.slice(0, 2), 16) & 1) !== 0)
    return null;
  return { address, mac: lower };
}
