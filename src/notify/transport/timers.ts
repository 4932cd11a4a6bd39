/** Waiting as something that is handed in, so that tests turn a day by hand. */
export interface Timers {
  /** Calls back once after `ms`; returns the function that calls it off. */
  after(ms: number, callback: () => void): () => void;
}

export const systemTimers: Timers = {
  after(ms, callback) {
    const timer = setTimeout(callback, ms).unref();
    return () => clearTimeout(timer);
  },
};
