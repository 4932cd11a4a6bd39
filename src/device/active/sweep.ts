/**
 * Makes the kernel ask for every neighbour by ARP: one byte by UDP to the discard port of each address, a hundred a
 * second. It needs no right that an ordinary program lacks, and disturbs nobody.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { hostsOf, type OwnNetwork } from './network.ts';

const DISCARD_PORT = 9;
const PER_SECOND = 100;
const BURST = 10;
/** The kernel asks three times, a second apart. */
const LAST_ANSWER_MS = 3_200;

export interface SweepOptions {
  signal?: AbortSignal;
  onProgress?: (fraction: number) => void;
}

/** Throws AppError `subnet_too_large`. */
export async function sweep(network: OwnNetwork, { signal, onProgress }: SweepOptions = {}): Promise<void> {
  const hosts = hostsOf(network);
  const socket = createSocket('udp4');
  // An address where nobody is makes later sends fail: that is the answer, not a problem.
  socket.on('error', () => {});
  try {
    socket.bind(0, network.address);
    await once(socket, 'listening', { signal });
    for (const [i, host] of hosts.entries()) {
      socket.send(Uint8Array.of(0), DISCARD_PORT, host, () => {});
      if (i % BURST !== BURST - 1) continue;
      onProgress?.(i / hosts.length);
      await wait((1000 * BURST) / PER_SECOND, undefined, { signal });
    }
    await wait(LAST_ANSWER_MS, undefined, { signal });
    onProgress?.(1);
  } finally {
    socket.close();
  }
}
