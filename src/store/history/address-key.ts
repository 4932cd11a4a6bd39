/** Addresses as text that sorts as they do, so that a network is a range of keys. */
import { isIP, isIPv4 } from 'node:net';

const DIGITS = 32;
/** IPv4 among IPv6, as RFC 4291 maps it. */
const MAPPED = '00000000000000000000ffff';
const MAPPED_BITS = 96;

/** 32 hexadecimal digits; empty for what is no IP address. */
export function addressKey(address: string): string {
  const kind = isIP(address);
  if (kind === 4) return MAPPED + hexOfIpv4(address);
  if (kind === 0) return '';
  const [plain] = address.split('%');
  const at = plain.lastIndexOf(':');
  const tail = plain.slice(at + 1);
  const whole = isIPv4(tail)
    ? `${plain.slice(0, at + 1)}${hexOfIpv4(tail).slice(0, 4)}:${hexOfIpv4(tail).slice(4)}`
    : plain;
  const [head, rest] = whole.split('::');
  const groups = (text: string | undefined): string[] => (text ? text.split(':') : []);
  const [before, after] = [groups(head), groups(rest)];
  const middle = rest === undefined ? [] : new Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...middle, ...after].map((group) => group.toLowerCase().padStart(4, '0')).join('');
}

const hexOfIpv4 = (address: string): string =>
  address
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('');

/** First and last key of a network in CIDR form or of one address; null for what is neither. */
export function keyRange(network: string): { first: string; last: string } | null {
  const [address, prefix, ...more] = network.split('/');
  const key = addressKey(address);
  if (key === '' || more.length > 0) return null;
  if (prefix === undefined) return { first: key, last: key };
  const width = isIPv4(address) ? 32 : 128;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > width) return null;
  const bits = BigInt(128 - (Number(prefix) + (width === 32 ? MAPPED_BITS : 0)));
  const value = (BigInt(`0x${key}`) >> bits) << bits;
  const hex = (number: bigint): string => number.toString(16).padStart(DIGITS, '0');
  return { first: hex(value), last: hex(value | ((1n << bits) - 1n)) };
}
