/** Link-layer addresses as numbers of 48 bits: what the address alone says of the machine behind it. */

const LOCALLY_ADMINISTERED = 0x02_00_00_00_00_00;
/** Cards of one machine are numbered one after the other by their maker. */
const NEXT_TO = 16;

/** Of the six bytes at `at`; compared for every packet, so it is no text. */
export function macNumber(bytes: Uint8Array, at: number): number {
  const high = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
  return high * 0x1000000 + ((bytes[at + 3] << 16) | (bytes[at + 4] << 8) | bytes[at + 5]);
}

const isLocallyAdministered = (mac: number): boolean => Math.floor(mac / LOCALLY_ADMINISTERED) % 2 === 1;

/**
 * First bytes of addresses that move between machines on purpose: VRRP and CARP (RFC 9568), HSRP 1 and 2, GLBP, and
 * the clusters of Windows (unicast and multicast).
 */
const VIRTUAL = [
  [0x00_00_5e_00_01, 1],
  [0x00_00_5e_00_02, 1],
  [0x00_00_0c_07_ac, 1],
  [0x00_00_0c_9f, 2],
  [0x00_05_73_a0, 2],
  [0x00_07_b4, 3],
  [0x02_bf, 4],
  [0x03_bf, 4],
] as const;

/** Whether several machines share the address and hand it on to each other. */
export const isVirtual = (mac: number): boolean =>
  VIRTUAL.some(([first, rest]) => Math.floor(mac / 256 ** rest) === first);

/** Whether both are cards of one machine, as far as their numbers tell: a maker gives them out in order. */
export const areNeighbouringCards = (a: number, b: number): boolean =>
  !isLocallyAdministered(a) && !isLocallyAdministered(b) && Math.abs(a - b) <= NEXT_TO;
