/** What a file is, from its content, never from its name. */
import { isUtf8 } from 'node:buffer';
import { detectCapture } from './capture/detect-capture.ts';
import { fieldOf } from './column/conn-fields.ts';
import type { FlowFormat, Head } from './flow-format.ts';
import { flowFormats } from './formats.ts';
import { signatureOf } from './signature.ts';
import { decode } from './text/lines.ts';

/** Bytes of the beginning that are looked at. */
export const HEAD_BYTES = 64 * 1024;

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

export type Format =
  | { kind: 'empty' }
  | { kind: 'packets'; format: 'pcap' | 'pcapng' }
  /** The format inside is found when the first bytes are unpacked. */
  | { kind: 'compressed'; format: 'gzip' | 'zstd' }
  | { kind: 'flows'; format: FlowFormat; head: Head; encoding: TextEncoding }
  /** `found` completes the sentence "this is …". */
  | { kind: 'unsupported'; found: string };

/** `head` is the beginning of the file, at best `HEAD_BYTES` of it; `mapped` when a column mapping goes with it. */
export function detectFormat(head: Uint8Array, mapped = false): Format {
  if (head.length === 0) return { kind: 'empty' };
  const capture = detectCapture(head);
  if (capture === 'gzip' || capture === 'zstd') return { kind: 'compressed', format: capture };
  if (capture) return { kind: 'packets', format: capture };
  const known = signatureOf(head);
  if (known) return { kind: 'unsupported', found: known };

  const encoding = encodingOf(head);
  const seen = encoding === null ? binaryHead(head) : textHead(head, encoding);
  const format = flowFormats.find((one) => (one.mappable || !mapped) && one.recognise(seen));
  if (format) return { kind: 'flows', format, head: seen, encoding: encoding ?? 'utf-8' };
  return { kind: 'unsupported', found: encoding === null ? 'binary data of an unknown kind' : textKind(seen.text) };
}

/** Null where the bytes are not text. */
function encodingOf(head: Uint8Array): TextEncoding | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  let control = 0;
  const zeros = [0, 0];
  for (let i = 0; i < head.length; i++) {
    const c = head[i];
    if (c === 0) zeros[i & 1]++;
    else if (c < 32 && c !== 9 && c !== 10 && c !== 13 && c !== 12 && c !== 27) control++;
  }
  // Latin letters in UTF-16 have a zero in every second byte, and in that place only.
  const half = head.length / 2;
  if (control === 0 && zeros[1] > half * 0.7 && zeros[0] === 0) return 'utf-16le';
  if (control === 0 && zeros[0] > half * 0.7 && zeros[1] === 0) return 'utf-16be';
  if (zeros[0] + zeros[1] > 0 && !startsAsText(head)) return null;
  return control * 50 > head.length ? null : 'utf-8';
}

/** A stray zero byte far inside does not make a log binary; one on the first line does. */
function startsAsText(head: Uint8Array): boolean {
  const end = head.indexOf(10);
  return end > 0 && !head.subarray(0, end).includes(0) && isUtf8(head.subarray(0, end));
}

const binaryHead = (bytes: Uint8Array): Head => ({ bytes, text: '', firstLine: '', columns: [], delimiter: ',' });

function textHead(bytes: Uint8Array, encoding: TextEncoding): Head {
  const decoded = encoding === 'utf-8' ? decodeStart(bytes) : new TextDecoder(encoding).decode(bytes);
  const text = decoded.replace(/^\uFEFF/, '');
  const firstLine = /^[ \t\r\n]*([^\n]*)/.exec(text)?.[1]?.trimEnd() ?? '';
  return { bytes, text, firstLine, ...headerOf(firstLine) };
}

/** Without the character that the end of the head may have cut. */
function decodeStart(bytes: Uint8Array): string {
  const lineEnd = bytes.lastIndexOf(10) + 1;
  return decode(Buffer.from(bytes.subarray(0, lineEnd > 0 ? lineEnd : bytes.length)));
}

/** The delimiter that yields the most columns of a flow log; of equals the one that yields most columns. */
function headerOf(line: string): Pick<Head, 'columns' | 'delimiter'> {
  if (/^\s*[#{[<]/.test(line)) return { columns: [], delimiter: ',' };
  let best: { columns: string[]; delimiter: string; score: number } = { columns: [], delimiter: ',', score: 0 };
  for (const delimiter of [',', '\t', ';', '|']) {
    const columns = line.split(delimiter).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    const score =
      columns.filter((column) => fieldOf(column) !== null).length * 10_000 + (columns.length > 1 ? columns.length : 0);
    if (score > best.score) best = { columns, delimiter, score };
  }
  return best;
}

function textKind(text: string): string {
  const start = text.trimStart().slice(0, 300).toLowerCase();
  if (start.startsWith('<!doctype html') || start.startsWith('<html')) return 'a web page (HTML)';
  if (start.startsWith('<')) return 'XML or HTML text';
  if (start.startsWith('%!ps')) return 'a PostScript document';
  if (start.startsWith('[')) return 'one JSON array; write one object per line instead ("jq -c .[]")';
  if (start.startsWith('{')) return 'JSON, but not one object per line';
  if (start === '') return 'text without a line';
  return 'text without a header line of columns';
}
