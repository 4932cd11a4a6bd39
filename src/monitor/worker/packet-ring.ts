/**
 * The newest frames as records of a pcap file, in memory of a fixed size: two halves take turns, and the older one is
 * given up when the newer is full. Nothing is allocated while frames come.
 */
import type { Packet } from '../../packet/packet.ts';

const RECORD = 16;
const HEADER = 24;
const MAGIC = 0xa1b2c3d4;
const LONGEST = 0x40000;

interface Half {
  bytes: Uint8Array<ArrayBuffer>;
  view: DataView<ArrayBuffer>;
  used: number;
}

const createHalf = (size: number): Half => {
  const bytes = new Uint8Array(size);
  return { bytes, view: new DataView(bytes.buffer), used: 0 };
};

export class PacketRing {
  #newer: Half;
  #older: Half;
  /** All frames of a file have one. */
  #linktype = 1;

  /** `size` in bytes. */
  constructor(size: number) {
    this.#newer = createHalf(size >> 1);
    this.#older = createHalf(size >> 1);
  }

  /** A frame that is larger than half of it is passed over. */
  add({ bytes, offset, end, origlen, ts, linktype }: Packet): void {
    const length = end - offset;
    if (RECORD + length > this.#newer.bytes.length) return;
    if (linktype !== this.#linktype) this.clear(linktype);
    if (this.#newer.used + RECORD + length > this.#newer.bytes.length) {
      [this.#newer, this.#older] = [this.#older, this.#newer];
      this.#newer.used = 0;
    }
    const { view, used, bytes: kept } = this.#newer;
    const seconds = Math.floor(ts);
    view.setUint32(used, seconds, true);
    view.setUint32(used + 4, Math.floor((ts - seconds) * 1e6), true);
    view.setUint32(used + 8, length, true);
    view.setUint32(used + 12, origlen, true);
    kept.set(bytes.subarray(offset, end), used + RECORD);
    this.#newer.used = used + RECORD + length;
  }

  clear(linktype = this.#linktype): void {
    this.#linktype = linktype;
    this.#newer.used = 0;
    this.#older.used = 0;
  }

  /** A pcap file of the frames that fit, oldest first; `frame` is good for the time of the call. */
  extract(fits: (frame: Uint8Array<ArrayBuffer>, linktype: number) => boolean): Uint8Array {
    const header = new DataView(new ArrayBuffer(HEADER));
    header.setUint32(0, MAGIC, true);
    header.setUint16(4, 2, true);
    header.setUint16(6, 4, true);
    header.setUint32(16, LONGEST, true);
    header.setUint32(20, this.#linktype, true);
    const parts: Uint8Array[] = [new Uint8Array(header.buffer)];
    for (const { bytes, view, used } of [this.#older, this.#newer]) {
      for (let at = 0; at < used; ) {
        const end = at + RECORD + view.getUint32(at + 8, true);
        if (fits(bytes.subarray(at + RECORD, end), this.#linktype)) parts.push(bytes.slice(at, end));
        at = end;
      }
    }
    return Buffer.concat(parts);
  }
}
