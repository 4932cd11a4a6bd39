/** IP and link-layer addresses as text, and networks to compare them with. */

/** Dotted decimal of an IPv4 address that is given as one word. */
export function formatIpv4(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/** RFC 5952, with the IPv4 part of mapped and compatible addresses dotted, as inet_ntop writes it. */
export function formatIpv6(w0: number, w1: number, w2: number, w3: number): string {
  const groups: number[] = [];
  for (const word of [w0, w1, w2, w3]) groups.push((word >>> 16) & 0xffff, word & 0xffff);
  let best = -1;
  let length = 1;
  for (let from = 0; from < 8; from++) {
    let until = from;
    while (until < 8 && groups[until] === 0) until++;
    if (until - from > length) {
      best = from;
      length = until - from;
    }
  }
  if (best === 0 && (length === 6 || (length === 5 && groups[5] === 0xffff))) {
    return `${length === 6 ? '::' : '::ffff:'}${formatIpv4(w3)}`;
  }
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(':');
  if (best < 0) return hex(groups);
  return `${hex(groups.slice(0, best))}::${hex(groups.slice(best + length))}`;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Colon-separated hexadecimal of six bytes; null where they are all zero (the link had none). */
export function formatMac(bytes: Uint8Array, offset: number): string | null {
  let any = 0;
  for (let i = 0; i < 6; i++) any |= bytes[offset + i];
  if (any === 0) return null;
  const pair = (i: number): string => HEX[bytes[offset + i]];
  return `${pair(0)}:${pair(1)}:${pair(2)}:${pair(3)}:${pair(4)}:${pair(5)}`;
}

/** An address as four words; IPv4 in the first. Null where the text is none. */
export function parseAddress(text: string): { words: Int32Array; isIpv6: boolean } | null {
  const words = new Int32Array(4);
  if (!text.includes(':')) {
    const word = parseIpv4(text);
    if (word === null) return null;
    words[0] = word;
    return { words, isIpv6: false };
  }
  const [head, tail, extra] = text.split('::');
  if (extra !== undefined) return null;
  const left = parseGroups(head);
  const right = tail === undefined ? [] : parseGroups(tail);
  if (left === null || right === null) return null;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...left, ...new Array<number>(missing).fill(0), ...right];
  for (let i = 0; i < 4; i++) words[i] = (groups[i * 2] << 16) | groups[i * 2 + 1];
  return { words, isIpv6: true };
}

function parseIpv4(text: string): number | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return null;
  const parts = match.slice(1).map(Number);
  if (parts.some((part) => part > 255)) return null;
  return (parts[0] << 24) | (parts[1] << 16) | (parts[2] << 8) | parts[3];
}

function parseGroups(text: string): number[] | null {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [i, part] of parts.entries()) {
    const dotted = i === parts.length - 1 && part.includes('.') ? parseIpv4(part) : null;
    if (dotted !== null) groups.push(dotted >>> 16, dotted & 0xffff);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

/** A network to test addresses against: its words, a mask per word, and the family. */
export interface Network {
  words: Int32Array;
  masks: Int32Array;
  isIpv6: boolean;
}

/** `10.0.0.0/8` or `fd00::/8`; null where the text is none. */
export function parseNetwork(text: string): Network | null {
  const [address, prefix] = text.split('/');
  const parsed = parseAddress(address);
  if (parsed === null) return null;
  const bits = parsed.isIpv6 ? 128 : 32;
  const length = prefix === undefined ? bits : Number(prefix);
  if (!Number.isInteger(length) || length < 0 || length > bits) return null;
  const masks = new Int32Array(4);
  for (let i = 0; i < 4; i++) {
    const set = Math.min(32, Math.max(0, length - i * 32));
    masks[i] = set === 0 ? 0 : -1 << (32 - set);
    parsed.words[i] &= masks[i];
  }
  return { words: parsed.words, masks, isIpv6: parsed.isIpv6 };
}

/** Whether the address in `words` at `offset` (four words) is in one of the networks, which are of its family. */
export function isInside(networks: readonly Network[], words: Int32Array, offset: number): boolean {
  for (const { words: net, masks } of networks) {
    let differs = 0;
    for (let i = 0; i < 4; i++) differs |= (words[offset + i] & masks[i]) ^ net[i];
    if (differs === 0) return true;
  }
  return false;
}
