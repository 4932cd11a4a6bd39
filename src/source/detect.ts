/** What a file is, from its content, never from its name. */
import { isUtf8 } from 'node:buffer';
import { captureBehindText, detectCapture } from './capture/detect-capture.ts';
import type { FlowFormat, Head } from './flow-format.ts';
import { isPacketList } from './format/wireshark.ts';
import { flowFormats } from './formats.ts';
import { binaryHead, knownColumns, textHeads } from './head.ts';
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
  const behind = captureBehindText(head);
  if (behind >= 0) return { kind: 'packets', format: head[behind] === 0x0a ? 'pcapng' : 'pcap' };
  const known = signatureOf(head);
  if (known) return { kind: 'unsupported', found: known };

  const encoding = encodingOf(head);
  const heads = encoding === null ? [binaryHead(head)] : textHeads(head, textOf(head, encoding));
  if (!mapped && isPacketList(heads[0].columns)) {
    return {
      kind: 'unsupported',
      found: 'a list of packets that Wireshark has written as text (save the capture itself, as pcapng)',
    };
  }
  const found = recognise(heads, mapped);
  if (found) return { kind: 'flows', ...found, encoding: encoding ?? 'utf-8' };
  return { kind: 'unsupported', found: encoding === null ? 'binary data of an unknown kind' : textKind(heads[0].text) };
}

/** Known columns by which a line that is not the first is the header of a plain table. */
const PLAIN_HEADER = 3;

/** A plain table may begin with any line, so the first line is one only where no later line is more. */
function recognise(heads: readonly Head[], mapped: boolean): { format: FlowFormat; head: Head } | null {
  let first: { format: FlowFormat; head: Head } | null = null;
  for (const head of heads) {
    const format = flowFormats.find((one) => (one.mappable || !mapped) && one.recognise(head));
    if (format === undefined) continue;
    const isPlain = format.format === 'csv';
    if (!isPlain || knownColumns(head.columns) >= PLAIN_HEADER) return { format, head };
    if (head === heads[0]) first = { format, head };
  }
  return first;
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

function textOf(bytes: Uint8Array, encoding: TextEncoding): string {
  const decoded = encoding === 'utf-8' ? decodeStart(bytes) : new TextDecoder(encoding).decode(bytes);
  return decoded.startsWith('\uFEFF') ? decoded.slice(1) : decoded;
}

/** Without the character that the end of the head may have cut. */
function decodeStart(bytes: Uint8Array): string {
  const lineEnd = bytes.lastIndexOf(10) + 1;
  return decode(Buffer.from(bytes.subarray(0, lineEnd > 0 ? lineEnd : bytes.length)));
}

function textKind(text: string): string {
  const start = text.trimStart().slice(0, 300).toLowerCase();
  if (start.startsWith('<!doctype html') || start.startsWith('<html')) return 'a web page (HTML)';
  if (start.startsWith('<')) return 'XML or HTML text';
  if (start.startsWith('%!ps')) return 'a PostScript document';
  if (start.startsWith('[')) return 'a JSON array that does not hold objects';
  if (start.startsWith('{')) return 'JSON, but not one object per line';
  if (start === '') return 'text without a line';
  return 'text without a header line of columns';
}
