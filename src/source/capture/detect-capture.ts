/** What a file is, from its first bytes; the name is never asked. */
export type CaptureFormat = 'pcap' | 'pcapng' | 'gzip' | 'zstd';

export const PCAP_MAGIC_MICRO = 0xa1b2c3d4;
export const PCAP_MAGIC_NANO = 0xa1b23c4d;
export const PCAPNG_SECTION = 0x0a0d0d0a;

/** The capture or compression format that the content shows, or null. */
export function detectCapture(first: Uint8Array): CaptureFormat | null {
  if (first.length < 4) return null;
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip';
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
  const big = view.getUint32(0);
  const little = view.getUint32(0, true);
  if (little === 0xfd2fb528) return 'zstd';
  if (big === PCAPNG_SECTION) return 'pcapng';
  for (const magic of [big, little]) {
    if (magic === PCAP_MAGIC_MICRO || magic === PCAP_MAGIC_NANO) return 'pcap';
  }
  return null;
}
