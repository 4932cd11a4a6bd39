/**
 * Gzip (RFC 1952), member by member. The reader of node:zlib throws away what it has just unpacked when a member is
 * damaged, or when something else follows the last one; this one hands on what came out, and says how it ended and where.
 */
import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib';

/** Unpacked bytes that are handed on at once. */
const CHUNK = 64 * 1024;
/** Packed bytes that are given to the engine at once, at most and at least. */
export const PIECE = 16 * 1024;
const LEAST_PIECE = 512;
/** What comes out of a piece is in memory, and may be a thousand times as much: the next one is so large that it is this much. */
const AT_ONCE = 256 * 1024;
const MAGIC = 0x8b1f;
const DEFLATE = 8;
const FIXED_HEADER = 10;
const TRAILER = 8;
/** Of the header, with the name and the comment that may be in it. */
const LONGEST_HEADER = 1 << 17;
/** Members cost time however little is in them: so many so small ones are no file but an attack. */
const MANY = 10_000;
const SMALL = 16;
const FLAG = { headerCheck: 2, extra: 4, name: 8, comment: 16, unknown: 0xe0 };

/** `trailing`: every member is whole, and bytes follow that are neither a member nor padding with zeros. */
type GzipEnd = 'whole' | 'trailing' | 'truncated' | 'damaged';

export class Gunzip {
  /** Packed bytes taken so far: where it ended, when it has ended. */
  position = 0;
  end: GzipEnd | null = null;
  private readonly input: AsyncIterator<Uint8Array>;
  private waiting = Buffer.alloc(0);
  private members = 0;
  private unpacked = 0;
  private piece = LEAST_PIECE;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.input = chunks[Symbol.asyncIterator]();
  }

  /** The content; `end` is set when it is over. */
  async *read(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        this.end = await this.header();
        if (this.end === null) this.end = yield* this.content();
        if (this.end !== null) return;
      }
    } finally {
      await this.input.return?.();
    }
  }

  /** Null where a member begins. */
  private async header(): Promise<GzipEnd | null> {
    if (this.members > 0) await this.skipPadding();
    if (!(await this.has(1))) return 'whole';
    if (!(await this.has(2)) || this.waiting.readUInt16LE(0) !== MAGIC) return 'trailing';
    if (!(await this.has(FIXED_HEADER))) return 'truncated';
    const flags = this.waiting[3];
    if (this.waiting[2] !== DEFLATE || (flags & FLAG.unknown) !== 0) return 'damaged';
    let length = FIXED_HEADER;
    if ((flags & FLAG.extra) !== 0) {
      if (!(await this.has(length + 2))) return 'truncated';
      length += 2 + this.waiting.readUInt16LE(length);
    }
    for (const flag of [FLAG.name, FLAG.comment]) {
      if ((flags & flag) !== 0) length = await this.textEnd(length);
      if (length > LONGEST_HEADER) return 'damaged';
    }
    if ((flags & FLAG.headerCheck) !== 0) length += 2;
    if (!(await this.has(length))) return 'truncated';
    this.take(length);
    this.members++;
    return this.members > MANY && this.unpacked < this.members * SMALL ? 'damaged' : null;
  }

  private async skipPadding(): Promise<void> {
    while (await this.has(1)) {
      let zeros = 0;
      while (zeros < this.waiting.length && this.waiting[zeros] === 0) zeros++;
      this.take(zeros);
      if (this.waiting.length > 0) return;
    }
  }

  /** Behind the zero that ends a text; behind everything where there is none. */
  private async textEnd(from: number): Promise<number> {
    for (;;) {
      const zero = this.waiting.indexOf(0, from);
      if (zero >= 0) return zero + 1;
      const all = this.waiting.length + 1;
      if (all > LONGEST_HEADER || !(await this.has(all))) return Math.max(from, all);
    }
  }

  /** Null where the member is whole. */
  private async *content(): AsyncGenerator<Uint8Array, GzipEnd | null> {
    const engine = createInflateRaw({ chunkSize: CHUNK });
    const out: Uint8Array[] = [];
    engine.on('data', (chunk: Uint8Array) => out.push(chunk));
    let [check, size] = [0, 0];
    try {
      for (let isOver = false; !isOver; ) {
        if (!(await this.has(1))) return 'truncated';
        const piece = this.waiting.subarray(0, this.piece);
        const used = await feed(engine, piece);
        let came = 0;
        for (const chunk of out.splice(0)) {
          check = crc32(chunk, check);
          came += chunk.length;
          yield chunk;
        }
        size += came;
        this.unpacked += came;
        if (used === null) return 'damaged';
        this.piece = Math.min(PIECE, Math.max(LEAST_PIECE, Math.floor((piece.length * AT_ONCE) / Math.max(1, came))));
        this.take(used);
        isOver = used < piece.length;
      }
    } finally {
      engine.destroy();
    }
    if (!(await this.has(TRAILER))) return 'truncated';
    if (this.waiting.readUInt32LE(0) !== check || this.waiting.readUInt32LE(4) !== size % 2 ** 32) return 'damaged';
    this.take(TRAILER);
    return null;
  }

  /** Whether so many bytes are there; they then wait. */
  private async has(bytes: number): Promise<boolean> {
    while (this.waiting.length < bytes) {
      const next = await this.input.next();
      if (next.done) return false;
      this.waiting = this.waiting.length === 0 ? Buffer.from(next.value) : Buffer.concat([this.waiting, next.value]);
    }
    return true;
  }

  private take(bytes: number): void {
    this.waiting = this.waiting.subarray(bytes);
    this.position += bytes;
  }
}

/** How many of the bytes were used: fewer where the member has ended, null where they make no sense. */
function feed(engine: InflateRaw, piece: Uint8Array): Promise<number | null> {
  const before = engine.bytesWritten;
  return new Promise((resolve) => {
    const failed = (): void => resolve(null);
    engine.once('error', failed);
    engine.write(piece, (error) => {
      if (error) return resolve(null);
      engine.off('error', failed);
      resolve(engine.bytesWritten - before);
    });
  });
}
