/** Bytes → text in pieces that end at a line end, and those → lines. Nothing longer than one line is ever kept. */
import { isAscii, isUtf8 } from 'node:buffer';
import { AppError } from '../../errors.ts';

/** Longest line (and longest quoted record) that is read, in bytes: real flow records have some hundred. */
export const MAX_LINE = 1 << 20;
const NEWLINE = 10;
const BYTE_ORDER_MARK = 0xfeff;

export interface TextPiece {
  /** Whole lines, except in the last piece, which ends where the file ends. */
  text: string;
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
  const textOf = (bytes: Buffer): string => {
    const text = decode(bytes);
    const marked = start && text.charCodeAt(0) === BYTE_ORDER_MARK;
    start = false;
    return marked ? text.slice(1) : text;
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
    yield { text: textOf(whole), last: false };
  }
  yield { text: textOf(Buffer.concat(waiting)), last: true };
}

/** Calls `onLine` for each line that is not blank, without its line end; `number` counts from 1. */
export async function forEachLine(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  onLine: (line: string, number: number) => void,
): Promise<void> {
  let number = 0;
  for await (const { text, last } of textPieces(chunks, name, () => number + 1)) {
    let at = 0;
    while (at < text.length) {
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
