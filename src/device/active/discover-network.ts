/** Finds who answers on a network that this machine is a member of. Nothing is sent unless it is asked for. */
import { arpScan } from './arp-scan.ts';
import type { Neighbour } from './neighbour.ts';
import { neighbourTable } from './neighbour-table.ts';
import { hostsOf, type OwnNetwork } from './network.ts';
import { nmapScan } from './nmap.ts';
import { type SweepOptions, sweep } from './sweep.ts';

export type DiscoveryMethod = 'neighbour table' | 'arp-scan' | 'nmap' | 'sweep';

export interface NetworkDiscovery {
  method: DiscoveryMethod;
  /** This machine first; one entry an address. */
  neighbours: Neighbour[];
}

export interface DiscoverNetworkOptions extends SweepOptions {
  /** Ask every address: with arp-scan or nmap where they are there and may, else with a gentle sweep. */
  active: boolean;
}

/** Throws AppError `subnet_too_large` where more than /22 would have to be asked. */
export async function discoverNetwork(network: OwnNetwork, options: DiscoverNetworkOptions): Promise<NetworkDiscovery> {
  const { method, found } = options.active ? await ask(network, options) : passive;
  const known = await neighbourTable(network.interface, options.signal);
  const self = { mac: network.mac, address: network.address };
  const neighbours = new Map([self, ...found, ...known].map((neighbour) => [neighbour.address, neighbour]));
  return { method, neighbours: [...neighbours.values()] };
}

interface Asked {
  method: DiscoveryMethod;
  found: Neighbour[];
}
const passive: Asked = { method: 'neighbour table', found: [] };

async function ask(network: OwnNetwork, options: DiscoverNetworkOptions): Promise<Asked> {
  // The own subnet only, and no more of it than is polite: the same for every tool.
  hostsOf(network);
  const scanned = await arpScan(network, options.signal);
  if (scanned !== null) return { method: 'arp-scan', found: scanned };
  const mapped = await nmapScan(network, options.signal);
  if (mapped !== null && mapped.length > 0) return { method: 'nmap', found: mapped };
  await sweep(network, options);
  return { method: 'sweep', found: [] };
}
