/** The forms of classic pcap: byte order, fraction of a second, and how long the header of a record is. */

export interface PcapVariant {
  littleEndian: boolean;
  nanoseconds: boolean;
  recordHeader: number;
}

export const PCAP_HEADER = 24;
const RECORD_HEADER = 16;
/** Interface, protocol, direction and padding follow the lengths; what AVM's routers (Fritz!Box) write. */
const KUZNETZOV_RECORD_HEADER = 24;

/** Magic numbers in the byte order of the file, whether nanoseconds are counted, and the record's header. */
const magics: readonly (readonly [magic: number, nanoseconds: boolean, recordHeader: number])[] = [
  [0xa1b2c3d4, false, RECORD_HEADER],
  [0xa1b23c4d, true, RECORD_HEADER],
  // Kuznetzov's modified libpcap.
  [0xa1b2cd34, false, KUZNETZOV_RECORD_HEADER],
  // Navtel Communications'.
  [0xa12b3c4d, true, RECORD_HEADER],
];

/** The variant whose magic number lies at `at`; null where there is none. */
export function pcapVariantAt(bytes: Uint8Array, at: number): PcapVariant | null {
  if (at + 4 > bytes.length) return null;
  const big = ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
  const little = ((bytes[at + 3] << 24) | (bytes[at + 2] << 16) | (bytes[at + 1] << 8) | bytes[at]) >>> 0;
  for (const [magic, nanoseconds, recordHeader] of magics) {
    if (big === magic || little === magic) return { littleEndian: little === magic, nanoseconds, recordHeader };
  }
  return null;
}

/** The variant of a whole file header at `at`: with version 2.4 behind the magic number, which no record has by chance. */
export function pcapHeaderAt(bytes: Uint8Array, at: number): PcapVariant | null {
  const variant = at + PCAP_HEADER <= bytes.length ? pcapVariantAt(bytes, at) : null;
  if (variant === null) return null;
  const [major, minor] = variant.littleEndian ? [at + 4, at + 6] : [at + 5, at + 7];
  const others = variant.littleEndian ? bytes[at + 5] | bytes[at + 7] : bytes[at + 4] | bytes[at + 6];
  return bytes[major] === 2 && bytes[minor] === 4 && others === 0 ? variant : null;
}
