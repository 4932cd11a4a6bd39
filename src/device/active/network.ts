/** The networks that this machine is a member of: only those may be looked for devices. */
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { AppError } from '../../errors.ts';
import { formatIpv4, parseAddress } from '../../packet/address.ts';

export interface OwnNetwork {
  interface: string;
  /** This machine's own addresses on it. */
  address: string;
  mac: string;
  /** Length of the network prefix in bits. */
  prefix: number;
}

/** IPv4 networks of the interfaces that are up, loopback left out. */
export function ownNetworks(): OwnNetwork[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ family, internal, cidr }) => family === 'IPv4' && !internal && cidr !== null)
      .map(({ address, mac, cidr }) => ({ interface: name, address, mac, prefix: Number(cidr!.split('/')[1]) })),
  );
}

/**
 * The network of the named interface; without a name the one with the default route, or the only one.
 * Throws AppError `unknown_interface`.
 */
export function chooseNetwork(name?: string, networks: readonly OwnNetwork[] = ownNetworks()): OwnNetwork {
  const wanted = name ?? defaultInterface() ?? networks[0]?.interface;
  const network = networks.find((candidate) => candidate.interface === wanted);
  if (network !== undefined) return network;
  const known = [...new Set(networks.map((candidate) => candidate.interface))].join(', ');
  throw new AppError('unknown_interface', { interface: wanted ?? '(any)', known: known === '' ? 'none' : known });
}

/** Linux: the route to 0.0.0.0. */
function defaultInterface(): string | undefined {
  try {
    const rows = readFileSync('/proc/net/route', 'utf8').split('\n').slice(1);
    return rows.map((row) => row.split('\t')).find(([, destination]) => destination === '00000000')?.[0];
  } catch {
    return undefined;
  }
}

/** Widest network that is swept: 1,022 hosts. */
export const WIDEST_PREFIX = 22;

/** `192.168.1.0/24`. */
export function cidrOf({ address, prefix }: OwnNetwork): string {
  return `${formatIpv4(firstWord(address, prefix))}/${prefix}`;
}

/** Every host address but the own. Throws AppError `subnet_too_large` beyond /22. */
export function hostsOf({ address, prefix, interface: name }: OwnNetwork): string[] {
  if (prefix < WIDEST_PREFIX)
    throw new AppError('subnet_too_large', { interface: name, prefix, widest: WIDEST_PREFIX });
  const first = firstWord(address, prefix);
  const size = 2 ** (32 - prefix);
  // Of a point-to-point network (/31, /32) every address is a host's; else the ends are the network's and all hosts'.
  const [from, to] = prefix >= 31 ? [0, size] : [1, size - 1];
  const hosts = Array.from({ length: to - from }, (_, i) => formatIpv4((first + from + i) | 0));
  return hosts.filter((host) => host !== address);
}

function firstWord(address: string, prefix: number): number {
  return parseAddress(address)!.words[0] & (prefix === 0 ? 0 : -1 << (32 - prefix));
}
