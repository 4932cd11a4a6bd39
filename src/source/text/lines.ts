/** Bytes → text in pieces that end at a line end, and those → lines. Nothing longer than one line is ever kept. */
import { isAscii, isUtf8 } from 'node:buffer';
import { AppError } from '../../errors.ts';
import { NEWLINE } from './ascii.ts';

/** Longest line (and longest quoted record) that is read, in bytes: real flow records have some hundred. */
export const MAX_LINE = 1 << 20;
const BYTE_ORDER_MARK = 0xfeff;

export interface TextPiece {
  /** Whole lines, except in the last piece, which ends where the file ends. */
  text: string;
  /** The same with one byte a character; null where the text holds more than ASCII. */
  bytes: Buffer | null;
  last: boolean;
}

/**
 * Decodes UTF-8, or Latin-1 where a piece is no UTF-8 (pieces end at line ends, so no character is ever cut).
 * `nextLine` tells the number of the first line of the coming piece. Throws `line_too_long`.
 */
export async function* textPieces(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  nextLine: () => number,
): AsyncGenerator<TextPiece> {
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let start = true;
  const pieceOf = (bytes: Buffer, last: boolean): TextPiece => {
    const text = decode(bytes);
    const marked = start && text.charCodeAt(0) === BYTE_ORDER_MARK;
    start = false;
    // One character a byte is ASCII, or Latin-1, which no plain row holds.
    return { text: marked ? text.slice(1) : text, bytes: text.length === bytes.length ? bytes : null, last };
  };
  for await (const chunk of chunks) {
    const bytes = asBuffer(chunk);
    const cut = bytes.lastIndexOf(NEWLINE) + 1;
    const first = cut > 0 ? bytes.indexOf(NEWLINE) + 1 : bytes.length;
    if (waitingBytes + first > MAX_LINE) throw tooLong(name, nextLine());
    if (cut === 0) {
      waiting.push(bytes);
      waitingBytes += bytes.length;
      continue;
    }
    const head = bytes.subarray(0, cut);
    const whole = waiting.length > 0 ? Buffer.concat([...waiting, head]) : head;
    if (cut > MAX_LINE) checkLines(whole, name, nextLine());
    const tail = bytes.subarray(cut);
    // A copy: the tail must not keep the whole chunk alive, nor change when the reader reuses its buffer.
    waiting = tail.length > 0 ? [Buffer.from(tail)] : [];
    waitingBytes = tail.length;
    yield pieceOf(whole, false);
  }
  yield pieceOf(Buffer.concat(waiting), true);
}

/** Calls `onLine` for each line that is not blank and that `plain` did not take, without its line end; `number` counts from 1. */
export async function forEachLine(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  onLine: (line: string, number: number) => void,
  plain?: PlainRow,
): Promise<void> {
  let number = 0;
  for await (const { text, bytes, last } of textPieces(chunks, name, () => number + 1)) {
    let at = 0;
    const trial = new PlainTrial(plain, text, bytes);
    while (at < text.length) {
      const behind = trial.take(at, number + 1);
      if (behind > 0) {
        at = behind;
        number++;
        continue;
      }
      let eol = text.indexOf('\n', at);
      if (eol < 0) {
        if (!last) break;
        eol = text.length;
      }
      number++;
      const end = eol > at && text.charCodeAt(eol - 1) === 13 ? eol - 1 : eol;
      if (end > at) onLine(text.slice(at, end), number);
      at = eol + 1;
    }
  }
}

/** Takes the row that begins at `from`: the place behind it, or -1 where it is not written plainly and is read the long way. */
export type PlainRow = (bytes: Buffer, text: string, from: number, line: number) => number;

/** So many rows in a row that are not plain, and the rest of the piece is not tried. */
const MAX_MISSES = 16;

/** Tries whether the rows of a piece are plain. */
export class PlainTrial {
  readonly #plain: PlainRow | undefined;
  readonly #text: string;
  readonly #bytes: Buffer | null;
  /** A row has its line end before this place. */
  readonly #end: number;
  #misses = 0;

  constructor(plain: PlainRow | undefined, text: string, bytes: Buffer | null) {
    this.#plain = plain;
    this.#text = text;
    this.#bytes = bytes;
    this.#end = plain && bytes ? text.lastIndexOf('\n') : -1;
  }

  /** The place behind the row at `from`, or -1. */
  take(from: number, line: number): number {
    if (from > this.#end || this.#misses >= MAX_MISSES) return -1;
    const behind = this.#plain!(this.#bytes!, this.#text, from, line);
    this.#misses = behind < 0 ? this.#misses + 1 : 0;
    return behind;
  }
}

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export function decode(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString('latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1');
}

/** Only for pieces longer than a line may be. */
function checkLines(bytes: Buffer, name: string, firstLine: number): void {
  let from = 0;
  let line = firstLine;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, from)) {
    if (at - from > MAX_LINE) throw tooLong(name, line);
    from = at + 1;
    line++;
  }
}

const tooLong = (file: string, line: number): AppError =>
  new AppError('line_too_long', { file, line, limit: `${MAX_LINE >> 20} MiB` });
