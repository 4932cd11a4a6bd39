/** One attempt with one deadline over all of it: name look-up, connection, encryption, log-in, answer. */
import type { Clock } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { type Blame, DeliveryError } from './delivery-error.ts';
import type { Timers } from './timers.ts';

export const ATTEMPT_SECONDS = 10;

export interface Failure {
  code: string;
  /** What went wrong, without secrets, and how to mend it. */
  message: string;
  hint: string;
  blame: Blame;
  retryAfterMs: number | null;
}

export interface AttemptResult {
  seconds: number;
  /** Null for success. */
  failure: Failure | null;
}

export interface AttemptTools {
  clock: Clock;
  timers: Timers;
  log: Log;
  redact: (text: string) => string;
}

/** Never rejects, and never takes longer than the deadline whatever `send` does. `stop` ends it at once. */
export async function attempt(
  target: string,
  send: (signal: AbortSignal) => Promise<void>,
  { clock, timers, log, redact }: AttemptTools,
  stop?: AbortSignal,
): Promise<AttemptResult> {
  const deadline = new AbortController();
  const cancel = timers.after(ATTEMPT_SECONDS * 1000, () =>
    deadline.abort(new DeliveryError('delivery_timeout', { target, seconds: ATTEMPT_SECONDS })),
  );
  const signal = stop ? AbortSignal.any([deadline.signal, stop]) : deadline.signal;
  const started = clock.monotonic();
  const ended = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => ended.reject(signal.reason), { once: true });
  let failure: Failure | null = null;
  try {
    await Promise.race([send(signal), ended.promise]);
  } catch (error) {
    failure = toFailure(error, redact);
    if (!(error instanceof AppError) && !stop?.aborted)
      log.error({ err: error, target }, 'A notification failed in an unforeseen way');
  } finally {
    cancel();
    ended.promise.catch(() => {});
  }
  return { seconds: Math.max(0, clock.monotonic() - started) / 1000, failure };
}

function toFailure(error: unknown, redact: (text: string) => string): Failure {
  if (!(error instanceof AppError)) {
    const message = 'Something went wrong inside Guardian; its log says what.';
    return { code: 'internal', message, hint: '', blame: 'receiver', retryAfterMs: null };
  }
  const { code, message, hint } = error;
  const words = { code, message: redact(message), hint: redact(hint) };
  if (error instanceof DeliveryError) return { ...words, blame: error.blame, retryAfterMs: error.retryAfterMs };
  // Secrets that are not there.
  return { ...words, blame: 'settings', retryAfterMs: null };
}
