import type { Packet } from '../../packet/packet.ts';
import type { ByteWindow } from './byte-window.ts';
import type { CaptureParser, FrameSink } from './capture-parser.ts';
import { CorruptCapture, isLittleLonger, MAXIMUM_CAPTURED } from './capture-parser.ts';
import { PCAPNG_SECTION } from './detect-capture.ts';
import { type PcapngInterface, parseInterface, timestampSeconds } from './pcapng-interface.ts';

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const INTERFACE_DESCRIPTION = 1;
const PACKET = 2; // obsolete, still written by old programs
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
/** Type, length, trailing length. */
const FRAMING = 12;
/** A packet block: fixed fields, the largest frame, and options. Other blocks are skipped without being held. */
const MAXIMUM_PACKET_BLOCK = MAXIMUM_CAPTURED + 65_536;
const MAXIMUM_INTERFACES = 65_536;

/**
 * pcapng (draft-ietf-opsawg-pcapng): sections of blocks; every block carries its length at both ends. The byte order
 * is that of the section, the time resolution and link type that of the interface.
 */
export class PcapngParser implements CaptureParser {
  readonly format = 'pcapng';
  offered = 0;
  readonly rejected: Record<string, number> = {};
  readonly weirds: Record<string, number> = {};
  readonly #packet: Packet;
  readonly #sink: FrameSink;
  #littleEndian = true;
  #interfaces: PcapngInterface[] = [];
  readonly #linktypes = new Set<number>();
  /** Bytes of an uninteresting block that are still to be skipped. */
  #skip = 0;

  constructor(packet: Packet, sink: FrameSink) {
    this.#packet = packet;
    this.#sink = sink;
  }

  parse(window: ByteWindow): void {
    this.#packet.bytes = window.bytes;
    this.#packet.view = window.view;
    for (;;) {
      if (this.#skip > 0) {
        const count = Math.min(this.#skip, window.end - window.start);
        window.advance(count);
        this.#skip -= count;
        if (this.#skip > 0) return;
      }
      const available = window.end - window.start;
      if (available < FRAMING) return;
      const { view, start } = window;
      // The section header's type reads the same in both byte orders; its own magic tells which one follows.
      if (view.getUint32(start) === PCAPNG_SECTION) {
        this.#littleEndian = this.#sectionOrder(window);
        this.#interfaces = [];
      }
      const type = view.getUint32(start, this.#littleEndian);
      const length = view.getUint32(start + 4, this.#littleEndian);
      if (length < FRAMING || length % 4 !== 0) throw new CorruptCapture('block_length', window.position);
      if (!holdsWhole(type)) {
        this.#skip = length;
        continue;
      }
      if (length > MAXIMUM_PACKET_BLOCK) throw new CorruptCapture('block_length', window.position);
      if (length > available) return;
      if (view.getUint32(start + length - 4, this.#littleEndian) !== length) {
        throw new CorruptCapture('block_trailer', window.position);
      }
      this.#parseBlock(window, type, length);
      window.advance(length);
    }
  }

  #sectionOrder(window: ByteWindow): boolean {
    const magic = window.view.getUint32(window.start + 8);
    if (magic === BYTE_ORDER_MAGIC) return false;
    if (window.view.getUint32(window.start + 8, true) === BYTE_ORDER_MAGIC) return true;
    throw new CorruptCapture('section_header', window.position);
  }

  #parseBlock(window: ByteWindow, type: number, length: number): void {
    const { view, start } = window;
    const little = this.#littleEndian;
    switch (type) {
      case PCAPNG_SECTION: {
        const version = view.getUint16(start + 12, little);
        if (length < 28 || version !== 1) throw new CorruptCapture('section_header', window.position);
        return;
      }
      case INTERFACE_DESCRIPTION: {
        const description = parseInterface(view, start, length, little);
        if (description === null || this.#interfaces.length >= MAXIMUM_INTERFACES) {
          throw new CorruptCapture('interface_description', window.position);
        }
        this.#interfaces.push(description);
        this.#linktypes.add(description.linktype);
        return;
      }
      case ENHANCED_PACKET:
        this.#deliver(view, start, length, length < 32 ? -1 : view.getUint32(start + 8, little));
        return;
      case PACKET:
        this.#deliver(view, start, length, length < 32 ? -1 : view.getUint16(start + 8, little));
        return;
      case SIMPLE_PACKET:
        this.#deliverSimple(view, start, length);
        return;
    }
  }

  /** Enhanced and obsolete packet blocks: interface, timestamp high and low, captured and original length, frame. */
  #deliver(view: DataView, start: number, length: number, id: number): void {
    this.offered++;
    const device = this.#interfaces[id];
    const little = this.#littleEndian;
    const captured = length < 32 ? 0 : view.getUint32(start + 20, little);
    const original = length < 32 ? 0 : view.getUint32(start + 24, little);
    if (length < 32) this.#reject('capture.short_block');
    else if (device === undefined) this.#reject('capture.unknown_interface');
    else if (captured > length - 32) this.#reject('capture.longer_than_block');
    else if (captured > original && !isLittleLonger(captured, original)) this.#reject('capture.longer_than_original');
    else {
      if (captured > original) this.#note('capture.longer_than_original');
      const ts = timestampSeconds(device, view.getUint32(start + 12, little), view.getUint32(start + 16, little));
      this.#emit(device, start + 28, Math.min(captured, original), original, ts);
    }
  }

  /** A simple packet block belongs to interface 0 and has no time: it gets that of the packet before it. */
  #deliverSimple(view: DataView, start: number, length: number): void {
    this.offered++;
    const device = this.#interfaces[0];
    if (length < 16) this.#reject('capture.short_block');
    else if (device === undefined) this.#reject('capture.unknown_interface');
    else {
      const original = view.getUint32(start + 8, this.#littleEndian);
      const limit = device.snaplen > 0 ? Math.min(device.snaplen, length - 16) : length - 16;
      this.#emit(device, start + 12, Math.min(original, limit), original, this.#packet.ts);
    }
  }

  #emit(device: PcapngInterface, frame: number, captured: number, original: number, ts: number): void {
    const packet = this.#packet;
    packet.ts = ts;
    packet.linktype = device.linktype;
    packet.offset = frame;
    packet.end = frame + captured;
    packet.origlen = original;
    this.#sink(packet);
  }

  #note(name: string): void {
    this.weirds[name] = (this.weirds[name] ?? 0) + 1;
  }

  #reject(reason: string): void {
    this.rejected[reason] = (this.rejected[reason] ?? 0) + 1;
  }

  linktypes(): number[] {
    return [...this.#linktypes];
  }
}

function holdsWhole(type: number): boolean {
  switch (type) {
    case PCAPNG_SECTION:
    case INTERFACE_DESCRIPTION:
    case PACKET:
    case SIMPLE_PACKET:
    case ENHANCED_PACKET:
      return true;
    default:
      return false;
  }
}
