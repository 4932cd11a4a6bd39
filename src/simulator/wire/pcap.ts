/** Classic pcap, little-endian, microseconds, Ethernet. */

const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const LINKTYPE_ETHERNET = 1;

export function pcapHeader(snapLength: number): Uint8Array {
  const header = new DataView(new ArrayBuffer(24));
  header.setUint32(0, MAGIC_MICROSECONDS, true);
  header.setUint16(4, 2, true);
  header.setUint16(6, 4, true);
  header.setUint32(16, snapLength, true);
  header.setUint32(20, LINKTYPE_ETHERNET, true);
  return new Uint8Array(header.buffer);
}

export const PCAP_RECORD_BYTES = 16;

/** Writes a record header (`ts` in microseconds since 1970) at `at`. */
export function putPcapRecord(view: DataView, at: number, ts: number, captured: number, length: number): void {
  view.setUint32(at, Math.floor(ts / 1e6), true);
  view.setUint32(at + 4, ts % 1e6, true);
  view.setUint32(at + 8, captured, true);
  view.setUint32(at + 12, length, true);
}
