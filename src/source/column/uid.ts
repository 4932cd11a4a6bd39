/** Connection ids for logs that have none: the same row of the same file always gets the same one. */

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const pairs = Array.from({ length: 62 * 62 }, (_, i) => DIGITS[Math.floor(i / 62)] + DIGITS[i % 62]);

/** FNV-1a, so that the ids of two files differ. */
export function saltOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash;
}

/** Zeek's shape, 'C' and base-62 digits: one half from the row's number (so it is unique), one from its time. */
export const makeUid = (row: number, ts: number | null, salt: number): string =>
  `C${base62(mix(row ^ salt))}${base62(mix((ts ?? 0) * 1e6 + salt))}`;

/** The finaliser of MurmurHash3: every bit of the input changes half of the output's, and no two inputs collide. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Six digits hold 32 bits. */
const base62 = (value: number): string =>
  pairs[value % 3844] + pairs[Math.floor(value / 3844) % 3844] + pairs[Math.floor(value / 14_776_336)];

/** Whether a column of that name is what Zeek means by it: users have a UID too, and so has every row of theirs. */
export function isUid(values: readonly (string | undefined)[]): boolean {
  const given = values.filter((value) => value !== undefined && value.trim() !== '' && value !== '-');
  return new Set(given).size === given.length;
}
