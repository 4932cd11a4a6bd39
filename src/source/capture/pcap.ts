import type { Packet } from '../../packet/packet.ts';
import type { ByteWindow } from './byte-window.ts';
import type { CaptureParser, FrameSink, RecordTaker } from './capture-parser.ts';
import { CorruptCapture, MAXIMUM_CAPTURED } from './capture-parser.ts';
import { PCAP_MAGIC_MICRO, PCAP_MAGIC_NANO } from './detect-capture.ts';

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const LINKTYPE_ETHERNET = 1;

/**
 * Classic pcap (draft-ietf-opsawg-pcap): a file header, then records of a 16-byte header and the frame. The magic
 * number gives the byte order and whether the fraction of a second counts microseconds or nanoseconds.
 */
export class PcapParser implements CaptureParser {
  readonly format = 'pcap';
  offered = 0;
  readonly rejected: Record<string, number> = {};
  readonly #packet: Packet;
  readonly #sink: FrameSink;
  #littleEndian = true;
  #ticksPerSecond = 0;
  #linktype = 0;
  #snaplen = 0;
  #taker: RecordTaker | null = null;

  constructor(packet: Packet, sink: FrameSink) {
    this.#packet = packet;
    this.#sink = sink;
  }

  parse(window: ByteWindow): void {
    if (this.#ticksPerSecond === 0 && !this.#parseFileHeader(window)) return;
    const { bytes, view, end } = window;
    const packet = this.#packet;
    const little = this.#littleEndian;
    // Behind the decimal point a double holds no more than microseconds of a time since 1970.
    const isNano = this.#ticksPerSecond === 1e9;
    let at = window.start;
    packet.bytes = bytes;
    packet.view = view;
    packet.linktype = this.#linktype;
    const taker = this.#taker;
    while (at + RECORD_HEADER <= end) {
      if (taker !== null) {
        const before = taker.taken;
        at = taker.takeRecords(at, end, this.#snaplen);
        this.offered += taker.taken - before;
        if (at + RECORD_HEADER > end) break;
      }
      const captured = view.getUint32(at + 8, little);
      if (captured > MAXIMUM_CAPTURED) {
        window.advance(at - window.start);
        throw new CorruptCapture('record_length', window.position);
      }
      const frame = at + RECORD_HEADER;
      if (frame + captured > end) break;
      const original = view.getUint32(at + 12, little);
      const ticks = view.getUint32(at + 4, little);
      this.offered++;
      const reason = this.#fault(captured, original, ticks);
      if (reason === null) {
        packet.ts = view.getUint32(at, little) + (isNano ? Math.floor(ticks / 1000) : ticks) / 1e6;
        packet.offset = frame;
        packet.end = frame + captured;
        packet.origlen = original;
        this.#sink(packet);
      } else this.rejected[reason] = (this.rejected[reason] ?? 0) + 1;
      at = frame + captured;
    }
    window.advance(at - window.start);
  }

  #fault(captured: number, original: number, ticks: number): string | null {
    if (captured > original) return 'capture.longer_than_original';
    if (captured > this.#snaplen) return 'capture.longer_than_snaplen';
    if (ticks >= this.#ticksPerSecond) return 'capture.bad_timestamp';
    return null;
  }

  #parseFileHeader(window: ByteWindow): boolean {
    if (window.end - window.start < FILE_HEADER) return false;
    const { view, start } = window;
    const magic = view.getUint32(start, true);
    this.#littleEndian = magic === PCAP_MAGIC_MICRO || magic === PCAP_MAGIC_NANO;
    const little = this.#littleEndian;
    this.#ticksPerSecond = view.getUint32(start, little) === PCAP_MAGIC_NANO ? 1e9 : 1e6;
    const snaplen = view.getUint32(start + 16, little);
    this.#snaplen = snaplen === 0 ? MAXIMUM_CAPTURED : snaplen;
    // The upper half word tells of a frame check sequence at the end of the frames, which does no harm.
    this.#linktype = view.getUint32(start + 20, little) & 0xffff;
    const isUsual = little && this.#ticksPerSecond === 1e6 && this.#linktype === LINKTYPE_ETHERNET;
    this.#taker = isUsual ? (this.#sink.records ?? null) : null;
    window.advance(FILE_HEADER);
    return true;
  }

  linktypes(): number[] {
    return this.#ticksPerSecond === 0 ? [] : [this.#linktype];
  }
}
