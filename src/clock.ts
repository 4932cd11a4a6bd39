/** Time as something that is handed in: durations come from a clock that no one can set, dates from one that steps. */
export interface Clock {
  /** Milliseconds since 1970 UTC; may step in either direction. */
  now(): number;
  /** Milliseconds since an arbitrary start; never goes back. The only source of durations. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
