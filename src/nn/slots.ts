/** Numbers for streams that come and go; the one that was given back last comes first. */
export interface Slots {
  readonly capacity: number;
  readonly open: number;
  take(): number;
  giveBack(slot: number): void;
}

export function createSlots(capacity: number): Slots {
  const free = Int32Array.from({ length: capacity }, (_, i) => capacity - 1 - i);
  const taken = new Uint8Array(capacity);
  let count = capacity;
  return {
    capacity,
    get open() {
      return capacity - count;
    },
    take: () => {
      if (count === 0) throw new RangeError(`All ${capacity} streams are taken`);
      const slot = free[--count];
      taken[slot] = 1;
      return slot;
    },
    giveBack: (slot) => {
      if (taken[slot] !== 1) throw new RangeError(`Stream ${slot} is not open`);
      taken[slot] = 0;
      free[count++] = slot;
    },
  };
}
