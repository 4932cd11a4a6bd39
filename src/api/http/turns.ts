/**
 * So many at once, so many more that wait their turn in order, and nobody beyond. Of those who wait, one account may have
 * half of the places: somebody who sends a hundred files holds up nobody else.
 */
import { AppError } from '../../errors.ts';

export interface Turns {
  /** Throws AppError `busy` while all turns are taken: told before it sends its body. */
  requireFree(): void;
  /**
   * Resolves with the function that ends the turn. `whose` is an account; null where there are none.
   * Rejects with AppError `busy` where too many wait, `too_many_uploads` where too many of that account do, and with the
   * reason of `signal` when it is aborted while waiting.
   */
  take(whose: string | null, signal: AbortSignal): Promise<() => void>;
}

export function createTurns({ atOnce, waiting }: { atOnce: number; waiting: number }): Turns {
  let free = atOnce;
  /** Who waits, by what wakes them; the first is the next. */
  const queue = new Map<() => void, string | null>();
  const each = Math.max(1, Math.floor(waiting / 2));
  const busy = (): AppError => new AppError('busy', { count: atOnce + queue.size });

  const begin = (): (() => void) => {
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      free++;
      const [next] = queue.keys();
      if (next) next();
    };
  };

  return {
    requireFree() {
      if (free === 0) throw busy();
    },
    async take(whose, signal) {
      signal.throwIfAborted();
      if (free === 0) {
        if (queue.size >= waiting) throw busy();
        const own = [...queue.values()].filter((one) => one === whose).length;
        if (whose !== null && own >= each) throw new AppError('too_many_uploads', { count: own });
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
          queue.set(go, whose);
          signal.addEventListener('abort', leave, { once: true });
        });
      } else free--;
      return begin();
    },
  };
}
