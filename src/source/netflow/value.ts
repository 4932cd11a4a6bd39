/** Values of information elements (RFC 7011, 6.1), at an offset whose length was checked. */

/** Unsigned big-endian number of 1 to 8 bytes, as exporters may shorten them (RFC 7011, 6.2). */
export function unsigned(view: DataView, offset: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + view.getUint8(offset + i);
  return value;
}

export function ipv4(view: DataView, offset: number): string {
  return `${view.getUint8(offset)}.${view.getUint8(offset + 1)}.${view.getUint8(offset + 2)}.${view.getUint8(offset + 3)}`;
}

/** RFC 5952: the longest run of zero groups, of two or more, becomes `::`. */
export function ipv6(view: DataView, offset: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(offset + 2 * i).toString(16));
  let best = { from: 0, length: 1 };
  for (let from = 0; from < 8; from++) {
    let length = 0;
    while (from + length < 8 && groups[from + length] === '0') length++;
    if (length > best.length) best = { from, length };
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.from).join(':')}::${groups.slice(best.from + best.length).join(':')}`;
}

export function mac(view: DataView, offset: number): string {
  const pair = (i: number): string =>
    view
      .getUint8(offset + i)
      .toString(16)
      .padStart(2, '0');
  return [0, 1, 2, 3, 4, 5].map(pair).join(':');
}

const NTP_TO_UNIX = 2_208_988_800;

/**
 * NTP's 64 bits: seconds since 1900 and their fraction (RFC 7011, 6.1.9). Some exporters write a plain count since
 * 1970 instead, `perSecond` of them a second: as NTP that would be before 1970.
 */
export function ntp(view: DataView, offset: number, perSecond: number): number {
  const seconds = view.getUint32(offset);
  if (seconds < NTP_TO_UNIX) return unsigned(view, offset, 8) / perSecond;
  return seconds - NTP_TO_UNIX + view.getUint32(offset + 4) / 2 ** 32;
}

const LONGEST_NAME = 64;

/** Printable ASCII up to the first zero byte; null for anything else: it goes to pages and terminals. */
export function name(view: DataView, offset: number, length: number): string | null {
  let text = '';
  for (let i = 0; i < Math.min(length, LONGEST_NAME); i++) {
    const c = view.getUint8(offset + i);
    if (c === 0) break;
    if (c < 32 || c > 126) return null;
    text += String.fromCharCode(c);
  }
  return text.trim() === '' ? null : text.trim();
}

export const hex = (view: DataView, offset: number, length: number): string =>
  unsigned(view, offset, length).toString(16);
