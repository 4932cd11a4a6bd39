/** nmap's host discovery; it asks by ARP where it may, and then knows hardware addresses. */
import { type Neighbour, neighbourOf } from './neighbour.ts';
import { cidrOf, type OwnNetwork } from './network.ts';
import { run } from './tool.ts';

const TIMEOUT_MS = 120_000;

export async function nmapScan(network: OwnNetwork, signal?: AbortSignal): Promise<Neighbour[] | null> {
  const args = ['-sn', '-n', '-T3', '-e', network.interface, '-oX', '-', cidrOf(network)];
  const output = await run('nmap', args, { timeoutMs: TIMEOUT_MS, signal });
  return output === null ? null : parseNmap(output);
}

/** Hosts that are up in `-oX` output; without the right to send raw frames they have no hardware address. */
export function parseNmap(output: string): Neighbour[] {
  return output
    .split('<host')
    .filter((host) => host.includes('state="up"'))
    .map((host) => {
      const address = /addr="([\d.]+)" addrtype="ipv4"/.exec(host)?.[1];
      const mac = /addr="([0-9A-Fa-f:]{17})" addrtype="mac"/.exec(host)?.[1];
      return address === undefined || mac === undefined ? null : neighbourOf(address, mac);
    })
    .filter((neighbour) => neighbour !== null);
}
