/** Whose messages are taken: addresses and networks that the owner has named. */
import { BlockList, isIP } from 'node:net';

export type AllowList = (address: string) => boolean;

/** Null where an entry is neither an address nor a network. */
export function allowListOf(entries: readonly string[]): AllowList | null {
  const list = new BlockList();
  for (const entry of entries) {
    const [address, bits] = entry.trim().split('/');
    const version = isIP(address);
    if (version === 0) return null;
    const family = version === 6 ? 'ipv6' : 'ipv4';
    const length = bits === undefined ? (version === 6 ? 128 : 32) : /^\d{1,3}$/.test(bits) ? Number(bits) : 129;
    if (length > (version === 6 ? 128 : 32)) return null;
    list.addSubnet(address, length, family);
  }
  return (text) => {
    // A socket of both versions of IP shows IPv4 as ::ffff:a.b.c.d, a link-local address with its interface.
    const address = text.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
    return isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  };
}
