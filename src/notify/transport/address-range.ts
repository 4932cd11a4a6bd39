/** What an IP address is to a program that is told by others where to connect. */
import { BlockList, isIP } from 'node:net';

/**
 * - `public`: the internet.
 * - `private`: this machine, or a network of its owner: only when the owner names it.
 * - `never`: link-local (metadata services of clouds live there), multicast, unspecified, reserved, transition ranges
 *   in which another address hides.
 */
export type Reach = 'public' | 'private' | 'never';

const listOf = (...ranges: string[]): BlockList => {
  const list = new BlockList();
  for (const range of ranges) {
    const [network, bits] = range.split('/');
    list.addSubnet(network, Number(bits), isIP(network) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
};

// IANA special-purpose registries (RFC 6890 and its updates).
const privateRanges = listOf(
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '::1/128',
  'fc00::/7',
);
const never = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  // metadata services that clouds put into private space
  '100.100.100.200/32',
  'fd00:ec2::/32',
  'fd20:ce::/32',
  // inside 2000::/3, but not the internet
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
];
const neverRanges = listOf(...never);
/** Below 2000::/3: unspecified, link-local, site-local, multicast. */
const neverNetworks = [...never, '::/128', 'fe80::/10', 'fec0::/10', 'ff00::/8'].map((range) => ({
  list: listOf(range),
  bits: Number(range.split('/')[1]),
}));
const globalUnicast = listOf('2000::/3');

/** The IPv4 address inside `::ffff:a.b.c.d`, else the address as it is. */
export function unmapped(address: string): string {
  if (isIP(address) !== 6) return address;
  // The WHATWG parser writes every form of it as ::ffff:hhhh:hhhh.
  const canonical = new URL(`http://[${address.split('%')[0]}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (!mapped) return canonical;
  const [high, low] = [Number.parseInt(mapped[1], 16), Number.parseInt(mapped[2], 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

export function reachOf(address: string): Reach {
  const plain = unmapped(address);
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(plain) === 0 || neverRanges.check(plain, family)) return 'never';
  if (privateRanges.check(plain, family)) return 'private';
  return family === 'ipv4' || globalUnicast.check(plain, family) ? 'public' : 'never';
}

/** A network in which every address is `never`. */
export function isNeverNetwork(network: string, bits: number): boolean {
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  return neverNetworks.some((one) => one.bits <= bits && one.list.check(network, family));
}
