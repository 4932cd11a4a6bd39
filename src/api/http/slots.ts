/** A bounded number of things at once: who finds no free place is told so, and never waits. */
export interface Slots {
  /** The function that frees the place again; undefined when there is none. */
  take(): (() => void) | undefined;
}

export function createSlots(count: number): Slots {
  let free = count;
  return {
    take() {
      if (free === 0) return undefined;
      free--;
      let taken = true;
      return () => {
        if (taken) free++;
        taken = false;
      };
    },
  };
}
