/** When a failed delivery is tried again. */

/** First pause; doubled with every further failure, up to the longest. */
const FIRST_PAUSE_MS = 15_000;
export const LONGEST_PAUSE_MS = 3_600_000;
/** With these pauses the last attempt is about a day after the first: an outage of a night loses nothing. */
export const MAX_ATTEMPTS = 32;

/**
 * Exponential back-off with jitter over half of the pause, so that a server that comes back is not met by everybody at
 * once; never before what the receiver asked for, which in turn cannot put a message off for more than an hour.
 */
export function pauseAfter(failures: number, retryAfterMs: number | null, random: () => number): number {
  const full = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
  const jittered = full * (0.5 + 0.5 * random());
  return Math.round(Math.max(jittered, Math.min(retryAfterMs ?? 0, LONGEST_PAUSE_MS)));
}

/** `Retry-After` of RFC 9110: seconds or a date; null where there is none or nonsense. */
export function parseRetryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const date = / GMT$/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
