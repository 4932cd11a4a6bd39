import type { Packet } from '../../packet/packet.ts';
import type { ByteWindow } from './byte-window.ts';
import type { CaptureParser, FrameSink, RecordTaker } from './capture-parser.ts';
import { CorruptCapture, isLittleLonger, MAXIMUM_CAPTURED } from './capture-parser.ts';
import { PCAP_HEADER, type PcapVariant, pcapHeaderAt, pcapVariantAt } from './pcap-variant.ts';

const LINKTYPE_ETHERNET = 1;
const PLAIN_RECORD_HEADER = 16;
const MICROSECONDS = 1_000_000;
const NANOSECONDS = 1_000_000_000;

/**
 * Classic pcap (draft-ietf-opsawg-pcap): a file header, then records of a header and the frame. The magic number gives
 * the byte order and the unit of times. What programs write that do not keep to it is read as it was meant, and told as
 * a weird: lengths that are a little off, nanoseconds that are called microseconds, a second file behind the first.
 */
export class PcapParser implements CaptureParser {
  readonly format = 'pcap';
  offered = 0;
  readonly rejected: Record<string, number> = {};
  readonly weirds: Record<string, number> = {};
  readonly #packet: Packet;
  readonly #sink: FrameSink;
  #variant: PcapVariant | null = null;
  #linktype = 0;
  readonly #linktypes = new Set<number>();
  #snaplen = 0;
  /** Records of the files before this one. */
  #before = 0;
  #taker: RecordTaker | null = null;

  constructor(packet: Packet, sink: FrameSink) {
    this.#packet = packet;
    this.#sink = sink;
  }

  parse(window: ByteWindow): void {
    if (this.#variant === null && !this.#parseFileHeader(window)) return;
    const { bytes, view, end } = window;
    const packet = this.#packet;
    packet.bytes = bytes;
    packet.view = view;
    let at = window.start;
    while (at + PLAIN_RECORD_HEADER <= end) {
      const taker = this.#taker;
      if (taker !== null) {
        const before = taker.taken;
        at = taker.takeRecords(at, end, this.#snaplen);
        this.offered += taker.taken - before;
        if (at + PLAIN_RECORD_HEADER > end) break;
      }
      const next = this.#record(window, at, end);
      if (next < 0) break;
      at = next;
    }
    window.advance(at - window.start);
  }

  /** Takes the record, or the file header, at `at`; where the next one is, or -1 where this one is not whole. */
  #record(window: ByteWindow, at: number, end: number): number {
    const { bytes, view } = window;
    const { littleEndian: little, recordHeader } = this.#variant!;
    const other = pcapVariantAt(bytes, at);
    if (other !== null) {
      if (at + PCAP_HEADER > end) return -1;
      if (pcapHeaderAt(bytes, at) !== null) {
        this.#note('capture.joined_files');
        return this.#setFile(view, at, other);
      }
    }
    const captured = view.getUint32(at + 8, little);
    if (captured > MAXIMUM_CAPTURED) {
      window.advance(at - window.start);
      throw new CorruptCapture('record_length', window.position);
    }
    const frame = at + recordHeader;
    if (frame + captured > end) return -1;
    this.#frame(view, at, frame, captured);
    return frame + captured;
  }

  #frame(view: DataView, at: number, frame: number, captured: number): void {
    const little = this.#variant!.littleEndian;
    const original = view.getUint32(at + 12, little);
    const ticks = view.getUint32(at + 4, little);
    this.offered++;
    const fault = this.#fault(captured, original, ticks);
    if (fault !== null) {
      this.rejected[fault] = (this.rejected[fault] ?? 0) + 1;
      return;
    }
    if (captured > original) this.#note('capture.longer_than_original');
    if (captured > this.#snaplen) this.#note('capture.longer_than_snaplen');
    const packet = this.#packet;
    packet.linktype = this.#linktype;
    // Behind the decimal point a double holds no more than microseconds of a time since 1970.
    packet.ts = view.getUint32(at, little) + (this.#variant!.nanoseconds ? Math.floor(ticks / 1000) : ticks) / 1e6;
    packet.offset = frame;
    // What is more than the frame is its check sequence.
    packet.end = frame + Math.min(captured, original);
    packet.origlen = original;
    this.#sink(packet);
  }

  #fault(captured: number, original: number, ticks: number): string | null {
    if (captured > original && !isLittleLonger(captured, original)) return 'capture.longer_than_original';
    const ticksPerSecond = this.#variant!.nanoseconds ? NANOSECONDS : MICROSECONDS;
    return ticks >= ticksPerSecond && !this.#isNanoseconds(ticks) ? 'capture.bad_timestamp' : null;
  }

  /**
   * The fraction of a record is more than a second of microseconds. Where that is so of the first record of a file, the
   * file counts nanoseconds, whatever its magic number says; later on a single one is damaged. What lies behind is not
   * asked: how much of it is there depends on how the file arrives.
   */
  #isNanoseconds(ticks: number): boolean {
    const variant = this.#variant!;
    if (variant.nanoseconds || ticks >= NANOSECONDS || this.offered > this.#before + 1) return false;
    this.#variant = { ...variant, nanoseconds: true };
    this.#taker = null;
    this.#note('capture.nanoseconds_as_microseconds');
    return true;
  }

  #note(name: string): void {
    this.weirds[name] = (this.weirds[name] ?? 0) + 1;
  }

  #parseFileHeader(window: ByteWindow): boolean {
    if (window.end - window.start < PCAP_HEADER) return false;
    const variant = pcapVariantAt(window.bytes, window.start);
    if (variant === null) throw new CorruptCapture('file_header', window.position);
    this.#setFile(window.view, window.start, variant);
    window.advance(PCAP_HEADER);
    return true;
  }

  /** Where its first record lies. */
  #setFile(view: DataView, at: number, variant: PcapVariant): number {
    const { littleEndian: little } = variant;
    this.#variant = variant;
    const snaplen = view.getUint32(at + 16, little);
    this.#snaplen = snaplen === 0 ? MAXIMUM_CAPTURED : snaplen;
    this.#before = this.offered;
    // The upper half word tells of a frame check sequence at the end of the frames, which does no harm.
    this.#linktype = view.getUint32(at + 20, little) & 0xffff;
    this.#linktypes.add(this.#linktype);
    const isPlain = little && !variant.nanoseconds && variant.recordHeader === PLAIN_RECORD_HEADER;
    this.#taker = isPlain && this.#linktype === LINKTYPE_ETHERNET ? (this.#sink.records ?? null) : null;
    return at + PCAP_HEADER;
  }

  linktypes(): number[] {
    return [...this.#linktypes];
  }
}
