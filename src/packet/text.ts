/** Text from the wire, made safe to store and to show: what steers a terminal or a reader's eye is written as an escape. */
import { ByteCache } from './byte-cache.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** C0 and C1 controls, the backslash, zero-width characters and those that turn the writing direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what has to be escaped
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\\\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
/** Printable ASCII without the backslash: nearly everything. */
const PLAIN = /^[\u0020-\u005b\u005d-\u007e]*$/;

/** Names repeat: the texts of so many, up to a length, are kept. */
const texts = new ByteCache<string>(4096, 64);

/** The bytes [from, to) as text: UTF-8 where they are that, otherwise one character a byte. */
export function wireText(bytes: Uint8Array, from: number, to: number): string {
  return texts.find(bytes, from, to) ?? texts.keep(bytes, from, to, readText(bytes, from, to));
}

function readText(bytes: Uint8Array, from: number, to: number): string {
  const text = latin1Text(bytes, from, to);
  return PLAIN.test(text) ? text : escapeUnsafe(utf8(bytes.subarray(from, to)) ?? text);
}

/** One character a byte. */
export function latin1Text(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.prototype.latin1Slice.call(bytes, from, to);
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

export function escapeUnsafe(text: string): string {
  return text.replaceAll(UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Lower-case hexadecimal of the bytes [from, to). */
export function hexText(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at++) text += (bytes[at] < 16 ? '0' : '') + bytes[at].toString(16);
  return text;
}
