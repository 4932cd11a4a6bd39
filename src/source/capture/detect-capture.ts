import { pcapHeaderAt, pcapVariantAt } from './pcap-variant.ts';

/** What a file is, from its first bytes; the name is never asked. */
export type CaptureFormat = 'pcap' | 'pcapng' | 'gzip' | 'zstd';

/** Text that may come before a capture: what a program says of itself into the same pipe. */
export const MAXIMUM_PREFACE = 65_536;

export const PCAPNG_SECTION = 0x0a0d0d0a;
const PCAPNG_ORDER = [0x1a, 0x2b, 0x3c, 0x4d];

/** The capture or compression format that the content shows, or null. */
export function detectCapture(first: Uint8Array): CaptureFormat | null {
  if (first.length < 4) return null;
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip';
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
  if (view.getUint32(0, true) === 0xfd2fb528) return 'zstd';
  if (view.getUint32(0) === PCAPNG_SECTION) return 'pcapng';
  return pcapVariantAt(first, 0) === null ? null : 'pcap';
}

/** Where a capture begins behind some text; -1 where none does. */
export function captureBehindText(first: Uint8Array): number {
  const end = Math.min(first.length, MAXIMUM_PREFACE);
  for (let at = 0; at < end; at++) {
    if (at > 0 && (pcapHeaderAt(first, at) !== null || isSectionAt(first, at))) return at;
    if (!isTextByte(first[at])) return -1;
  }
  return -1;
}

/** How many bytes of text there are at the beginning. */
export function textLength(first: Uint8Array): number {
  const at = first.findIndex((byte) => !isTextByte(byte));
  return at < 0 ? first.length : at;
}

/** A section header: its type reads the same in both byte orders, and its magic tells which one it is. */
function isSectionAt(bytes: Uint8Array, at: number): boolean {
  if (at + 12 > bytes.length || bytes[at] !== 0x0a || bytes[at + 1] !== 0x0d || bytes[at + 2] !== 0x0d) return false;
  const isOrder = (magic: readonly number[]): boolean => magic.every((byte, i) => bytes[at + 8 + i] === byte);
  return bytes[at + 3] === 0x0a && (isOrder(PCAPNG_ORDER) || isOrder(PCAPNG_ORDER.toReversed()));
}

/** Printable, white space, what colours a terminal, or part of a character of UTF-8. */
const isTextByte = (byte: number): boolean => byte >= 0x20 || (byte >= 0x07 && byte <= 0x0d) || byte === 0x1b;
