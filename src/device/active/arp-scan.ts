/** arp-scan (needs the right to send raw frames): asks every address of the network by ARP. */
import { type Neighbour, neighbourOf } from './neighbour.ts';
import { cidrOf, type OwnNetwork } from './network.ts';
import { run } from './tool.ts';

const TIMEOUT_MS = 60_000;

export async function arpScan(network: OwnNetwork, signal?: AbortSignal): Promise<Neighbour[] | null> {
  const args = [`--interface=${network.interface}`, '--retry=2', '--bandwidth=128000', cidrOf(network)];
  const output = await run('arp-scan', args, { timeoutMs: TIMEOUT_MS, signal });
  return output === null ? null : parseArpScan(output);
}

/** Rows of "address TAB hardware address TAB vendor" between its head and its summary. */
export function parseArpScan(output: string): Neighbour[] {
  return [...output.matchAll(/^(\d+\.\d+\.\d+\.\d+)\t([0-9a-fA-F:]{17})\b/gm)]
    .map(([, address, mac]) => neighbourOf(address, mac))
    .filter((neighbour) => neighbour !== null);
}
