/** So many at once, so many more that wait their turn in order, and nobody beyond. */
import { AppError } from '../../errors.ts';

export interface Turns {
  /** Throws AppError `busy` while all turns are taken: told before it sends its body. */
  requireFree(): void;
  /**
   * Resolves with the function that ends the turn.
   * Rejects with AppError `busy` where too many wait, and with the reason of `signal` when it is aborted while waiting.
   */
  take(signal: AbortSignal): Promise<() => void>;
}

export function createTurns({ atOnce, waiting }: { atOnce: number; waiting: number }): Turns {
  let free = atOnce;
  const queue = new Set<() => void>();
  const busy = (): AppError => new AppError('busy', { count: atOnce + queue.size });

  const begin = (): (() => void) => {
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      free++;
      const [next] = queue;
      if (next) next();
    };
  };

  return {
    requireFree() {
      if (free === 0) throw busy();
    },
    async take(signal) {
      signal.throwIfAborted();
      if (free === 0) {
        if (queue.size >= waiting) throw busy();
        await new Promise<void>((resolve, reject) => {
          const leave = (): void => {
            queue.delete(go);
            reject(signal.reason);
          };
          const go = (): void => {
            queue.delete(go);
            free--;
            signal.removeEventListener('abort', leave);
            resolve();
          };
          queue.add(go);
          signal.addEventListener('abort', leave, { once: true });
        });
      } else free--;
      return begin();
    },
  };
}
