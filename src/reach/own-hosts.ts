/** Names and addresses under which others on the network reach this machine. */
import { hostname, networkInterfaces } from 'node:os';

/** Of this machine, and the one that it announces. No page elsewhere can make one of them lead to itself: a name without a dot, or one of mDNS, is nobody's to register. */
export function ownNames(announced: string): string[] {
  const [name] = hostname().toLowerCase().split('.');
  const names = [name, `${name}.local`, ...(announced === '' ? [] : [`${announced.toLowerCase()}.local`])];
  return names.filter((one) => /^[a-z\d]([a-z\d.-]*[a-z\d])?$/.test(one));
}

/** IPv4 first; without loopback and without the zone of link-local ones. */
export function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outer = all.filter(({ internal }) => !internal);
  return [...outer].sort((a, b) => a.family.localeCompare(b.family)).map(({ address }) => address.replace(/%.*$/, ''));
}
