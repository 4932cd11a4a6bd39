/** Captures for tests, written from their specifications and not with the product's readers in mind. */

export interface TestFrame {
  /** Microseconds since 1970. */
  ts: number;
  bytes: Uint8Array;
  /** Length on the wire, where it is more than the bytes. */
  origlen?: number;
}

export interface CaptureShape {
  format: 'pcap' | 'pcapng';
  littleEndian: boolean;
  nanoseconds: boolean;
  linktype: number;
  snaplen: number;
}

export const plainPcap: CaptureShape = {
  format: 'pcap',
  littleEndian: true,
  nanoseconds: false,
  linktype: 1,
  snaplen: 262_144,
};

class Writer {
  readonly #parts: Uint8Array[] = [];
  readonly #little: boolean;

  constructor(little: boolean) {
    this.#little = little;
  }

  u16(...values: number[]): this {
    for (const value of values) this.#number(2, (view) => view.setUint16(0, value, this.#little));
    return this;
  }

  u32(...values: number[]): this {
    for (const value of values) this.#number(4, (view) => view.setUint32(0, value >>> 0, this.#little));
    return this;
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    return this;
  }

  #number(size: number, set: (view: DataView) => void): void {
    const view = new DataView(new ArrayBuffer(size));
    set(view);
    this.#parts.push(new Uint8Array(view.buffer));
  }

  done(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(Buffer.concat(this.#parts));
  }
}

/** Where each record of a capture ends, for tests that cut it. */
export interface WrittenCapture {
  bytes: Uint8Array<ArrayBuffer>;
  ends: number[];
}

export function writeCapture(frames: readonly TestFrame[], shape: Partial<CaptureShape> = {}): WrittenCapture {
  const full = { ...plainPcap, ...shape };
  const head = full.format === 'pcap' ? pcapHeader(full) : concat(sectionBlock(full), interfaceBlock(full));
  const parts = [head];
  const ends: number[] = [];
  let length = head.length;
  for (const frame of frames) {
    const part = full.format === 'pcap' ? pcapRecord(frame, full) : enhancedBlock(frame, full);
    parts.push(part);
    length += part.length;
    ends.push(length);
  }
  return { bytes: concat(...parts), ends };
}

export function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts));
}

function pcapHeader({ littleEndian, nanoseconds, snaplen, linktype }: CaptureShape): Uint8Array {
  const magic = nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4;
  return new Writer(littleEndian).u32(magic).u16(2, 4).u32(0, 0, snaplen, linktype).done();
}

export function pcapRecord(
  frame: TestFrame,
  { littleEndian, nanoseconds }: CaptureShape = plainPcap,
  declared: { captured?: number; original?: number; fraction?: number } = {},
): Uint8Array {
  const fraction = declared.fraction ?? (frame.ts % 1e6) * (nanoseconds ? 1000 : 1);
  return new Writer(littleEndian)
    .u32(Math.floor(frame.ts / 1e6), fraction)
    .u32(declared.captured ?? frame.bytes.length, declared.original ?? frame.origlen ?? frame.bytes.length)
    .raw(frame.bytes)
    .done();
}

/** A pcapng block around a body, which is padded to four bytes. */
export function block(type: number, body: Uint8Array, little = true, declared?: number, trailer?: number): Uint8Array {
  const padded = (body.length + 3) & ~3;
  const length = declared ?? padded + 12;
  const padding = new Uint8Array(padded - body.length);
  return new Writer(little)
    .u32(type, length)
    .raw(body)
    .raw(padding)
    .u32(trailer ?? length)
    .done();
}

export function sectionBlock({ littleEndian }: CaptureShape): Uint8Array {
  const body = new Writer(littleEndian).u32(0x1a2b3c4d).u16(1, 0).u32(0xffffffff, 0xffffffff).done();
  return block(0x0a0d0d0a, body, littleEndian);
}

/** With `resolution` as the value of if_tsresol. */
export function interfaceBlock(
  { littleEndian, nanoseconds, linktype, snaplen }: CaptureShape,
  resolution: number | null = nanoseconds ? 9 : null,
  options: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const writer = new Writer(littleEndian).u16(linktype, 0).u32(snaplen);
  if (resolution !== null)
    writer
      .u16(9, 1)
      .raw(Uint8Array.of(resolution, 0, 0, 0))
      .u16(0, 0);
  return block(1, writer.raw(options).done(), littleEndian);
}

export function enhancedBlock(frame: TestFrame, { littleEndian, nanoseconds }: CaptureShape, id = 0): Uint8Array {
  const ticks = BigInt(frame.ts) * (nanoseconds ? 1000n : 1n);
  const body = new Writer(littleEndian)
    .u32(id, Number(ticks >> 32n), Number(ticks & 0xffffffffn))
    .u32(frame.bytes.length, frame.origlen ?? frame.bytes.length)
    .raw(frame.bytes)
    .done();
  return block(6, body, littleEndian);
}

/** A stream of the bytes in pieces of `size`. */
export async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
