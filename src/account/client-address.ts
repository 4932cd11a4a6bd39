/** The address of whoever asks, as it is written down, and as limits group it. */
import { isIPv6 } from 'node:net';

/** One spelling: an IPv4 address in IPv6 clothes is an IPv4 address. */
export const plainAddress = (address: string): string =>
  address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/, '');

/** The addresses of an IPv6 network (/64) count as one: a client can take as many of them as it likes. */
export function clientGroup(address: string): string {
  if (!isIPv6(address)) return address;
  const [head, tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const missing = address.includes('::') ? 8 - left.length - right.length : 0;
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
