import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Peer } from '../bench.ts';

/** Windows of an epoch in torch_train.py. */
export const epochWindows = 784;

export interface TorchPeer extends Peer {
  close(): void;
}

/** PyTorch training the same network (tanh cells; it has no others) on one thread; undefined where it is not installed. */
export async function startTorch(): Promise<TorchPeer | undefined> {
  for (const python of ['python3', '/usr/bin/python3']) {
    const child = spawn(python, [path.join(import.meta.dirname, 'torch_train.py')], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const failed = Promise.race([once(child, 'exit'), once(child, 'error')]).then(() => undefined);
    const first = await Promise.race([lines.next(), failed.catch(() => undefined)]);
    if (!first || first.done) continue;
    return {
      name: `PyTorch ${first.value}, 1 thread`,
      work: async () => {
        child.stdin.write('epoch\n');
        await lines.next();
        return epochWindows;
      },
      close: () => child.stdin.end(),
    };
  }
  return undefined;
}
