/**
 * A sliding window over a byte stream: parsers take whole records from its front, the reader refills its end.
 * Memory is one buffer, however long the stream: it has to hold one whole record, and the parsers bound those.
 */
export class ByteWindow {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Unread bytes are [start, end). */
  start = 0;
  end = 0;
  /** Offset in the stream of the byte at `start`. */
  position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Takes `count` bytes off the front. */
  advance(count: number): void {
    this.start += count;
    this.position += count;
  }

  /** Moves the unread bytes to the front, so that there is room at the end. */
  makeRoom(): void {
    if (this.start === 0) return;
    this.bytes.copyWithin(0, this.start, this.end);
    this.end -= this.start;
    this.start = 0;
  }

  /** Copies as much of `chunk` as there is room for, and says how much. */
  append(chunk: Uint8Array): number {
    const count = Math.min(chunk.length, this.bytes.length - this.end);
    this.bytes.set(count === chunk.length ? chunk : chunk.subarray(0, count), this.end);
    this.end += count;
    return count;
  }
}
