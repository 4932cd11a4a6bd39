/** Reads the kernel's neighbour table; reading it sends nothing. */
import { readFile } from 'node:fs/promises';
import { type Neighbour, neighbourOf } from './neighbour.ts';
import { run } from './tool.ts';

const TIMEOUT_MS = 5_000;

/** IPv4 and IPv6 by `ip`, or IPv4 from /proc where there is no such program. */
export async function neighbourTable(name: string, signal?: AbortSignal): Promise<Neighbour[]> {
  const output = await run('ip', ['-j', 'neigh', 'show', 'dev', name], { timeoutMs: TIMEOUT_MS, signal });
  if (output !== null) return parseIpNeigh(output);
  return parseProcArp(await readFile('/proc/net/arp', 'utf8').catch(() => ''), name);
}

/** Entries that did not answer have no hardware address. */
export function parseIpNeigh(output: string): Neighbour[] {
  const entries = JSON.parse(output === '' ? '[]' : output) as { dst?: string; lladdr?: string; state?: string[] }[];
  return entries
    .filter(({ state = [] }) => !state.includes('FAILED') && !state.includes('NOARP'))
    .map(({ dst, lladdr }) => (dst === undefined || lladdr === undefined ? null : neighbourOf(dst, lladdr)))
    .filter((neighbour) => neighbour !== null);
}

/** Columns: address, hardware type, flags (2: complete), hardware address, mask, device. */
export function parseProcArp(text: string, name: string): Neighbour[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[5] === name && (Number(columns[2]) & 2) !== 0)
    .map(([address, , , mac]) => neighbourOf(address, mac))
    .filter((neighbour) => neighbour !== null);
}
