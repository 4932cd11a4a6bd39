/** Connection ids for logs that have none: the same row of the same file always gets the same one. */

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Codes of two digits, the first one in the lower byte. */
const pairs = Uint16Array.from(
  { length: 62 * 62 },
  (_, i) => DIGITS.charCodeAt(Math.floor(i / 62)) | (DIGITS.charCodeAt(i % 62) << 8),
);
const LETTER_C = 67;

/** FNV-1a, so that the ids of two files differ. */
export function saltOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash;
}

/** Zeek's shape, 'C' and base-62 digits: one half from the row's number (so it is unique), one from its time. */
export function makeUid(row: number, ts: number | null, salt: number): string {
  const first = mix(row ^ salt);
  const second = mix((ts ?? 0) * 1e6 + salt);
  const [a, b, c] = [pairs[first % 3844], pairs[((first / 3844) | 0) % 3844], pairs[(first / 14_776_336) | 0]];
  const [d, e, f] = [pairs[second % 3844], pairs[((second / 3844) | 0) % 3844], pairs[(second / 14_776_336) | 0]];
  // One call with all of them: text that is put together from pieces costs three times as much.
  // biome-ignore format: thirteen codes are one line
  return String.fromCharCode(
    LETTER_C, a & 255, a >> 8, b & 255, b >> 8, c & 255, c >> 8, d & 255, d >> 8, e & 255, e >> 8, f & 255, f >> 8,
  );
}

/** The finaliser of MurmurHash3: every bit of the input changes half of the output's, and no two inputs collide. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Whether a column of that name is what Zeek means by it: users have a UID too, and so has every row of theirs. */
export function isUid(values: readonly (string | undefined)[]): boolean {
  const given = values.filter((value) => value !== undefined && value.trim() !== '' && value !== '-');
  return new Set(given).size === given.length;
}
