/** How each device greets by TLS: programs of one kind greet alike, and a stranger among them greets its own way. */
import type { Host } from '../../../feature/host.ts';
import { getOrCreate } from '../../keyed.ts';

/** Other ends that a device has greeted before one greeting can be odd. */
const ENOUGH = 4;
const MOST_PRINTS = 64;
const MOST_PEERS = 16;

export class Greetings {
  private readonly devices = new WeakMap<Host, Map<string, Set<number>>>();

  /** Whether the device greets nobody else so, and many others differently. */
  isOdd(device: Host, other: Host, print: string): boolean {
    const prints = getOrCreate(this.devices, device, () => new Map<string, Set<number>>());
    if (!prints.has(print) && prints.size >= MOST_PRINTS) return false;
    const peers = getOrCreate(prints, print, () => new Set<number>());
    if (peers.size < MOST_PEERS) peers.add(other.id);
    if (peers.size > 1) return false;
    let others = 0;
    for (const [each, ends] of prints) if (each !== print) others += ends.size;
    return others >= ENOUGH;
  }
}
