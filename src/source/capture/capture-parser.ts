import type { Packet } from '../../packet/packet.ts';
import type { ByteWindow } from './byte-window.ts';

/** Receives each frame in the same, reused packet: what it wants to keep, it copies. */
export interface FrameSink {
  (packet: Packet): void;
  /** Where it wants the bytes of the capture to lie while it looks at them. */
  readonly window?: Uint8Array;
  /** Takes records straight from the window where that is faster. */
  readonly records?: RecordTaker;
}

export interface RecordTaker {
  /** Records taken so far. */
  readonly taken: number;
  /**
   * Takes records of a little-endian pcap with microseconds and Ethernet between two offsets of the window, as many as
   * it can from the front, and says where the next one lies.
   */
  takeRecords(start: number, end: number, snaplen: number): number;
}

/** The largest frame that libpcap accepts. A larger declared length is damage, and nothing is allocated for it. */
export const MAXIMUM_CAPTURED = 262_144;

/** A captured length may be over the original one by a frame check sequence, or by what a switch added. */
const MAXIMUM_TRAILER = 16;

export const isLittleLonger = (captured: number, original: number): boolean =>
  original > 0 && captured - original <= MAXIMUM_TRAILER;

/** A push parser: takes whole records from the front of the window and leaves the rest there. */
export interface CaptureParser {
  readonly format: 'pcap' | 'pcapng';
  /** Packet records seen whole, and those of them that were refused, by reason. */
  readonly offered: number;
  readonly rejected: Record<string, number>;
  /** What was not as it should be and could be read all the same, by name. */
  readonly weirds: Record<string, number>;
  parse(window: ByteWindow): void;
  /** Link types of the interfaces that were declared so far. */
  linktypes(): number[];
}

/** The capture cannot be followed any further: nothing says where the next record begins. */
export class CorruptCapture extends Error {
  readonly what: string;
  /** Byte offset in the (decompressed) capture. */
  readonly position: number;

  constructor(what: string, position: number) {
    super(`corrupt capture: ${what} at byte ${position}`);
    this.what = what;
    this.position = position;
  }
}
