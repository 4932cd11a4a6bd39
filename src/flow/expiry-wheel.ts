import { type ConnectionStore, DEADLINE, WHEEL_BUCKET, WHEEL_NEXT, WHEEL_PREVIOUS, WORDS } from './connection-store.ts';

/** One bucket a second; a deadline further away is looked at again when its turn comes. */
const BUCKETS = 512;

/**
 * Finds connections whose deadline has passed. A connection waits in the bucket of the deadline it had when it was put
 * there; packets move deadlines without touching the wheel, and a bucket that comes up sorts out who is really due.
 * So a packet costs nothing here, and a connection one move per timeout.
 */
export class ExpiryWheel {
  readonly #store: ConnectionStore;
  readonly #heads = new Int32Array(BUCKETS).fill(-1);
  #second = 0;
  #started = false;

  constructor(store: ConnectionStore) {
    this.#store = store;
  }

  /** `advance` has something to do at or after the first, or, because the clock was set back, before the second. */
  nextTick = Number.NEGATIVE_INFINITY;
  setBack = Number.NEGATIVE_INFINITY;

  add(slot: number): void {
    const { words, floats } = this.#store;
    const base = slot * WORDS;
    const due = Math.floor(floats[base / 2 + DEADLINE]) + 1;
    // The current bucket was already emptied, and one a whole turn away would be read too early.
    const second = Math.min(Math.max(due, this.#second + 1), this.#second + BUCKETS - 1);
    const bucket = second & (BUCKETS - 1);
    const head = this.#heads[bucket];
    words[base + WHEEL_PREVIOUS] = -1;
    words[base + WHEEL_NEXT] = head;
    words[base + WHEEL_BUCKET] = bucket;
    if (head >= 0) words[head * WORDS + WHEEL_PREVIOUS] = slot;
    this.#heads[bucket] = slot;
  }

  remove(slot: number): void {
    const { words } = this.#store;
    const base = slot * WORDS;
    const previous = words[base + WHEEL_PREVIOUS];
    const next = words[base + WHEEL_NEXT];
    if (previous >= 0) words[previous * WORDS + WHEEL_NEXT] = next;
    else this.#heads[words[base + WHEEL_BUCKET]] = next;
    if (next >= 0) words[next * WORDS + WHEEL_PREVIOUS] = previous;
  }

  /** Calls `expire` for every connection that is due at `now`; the callee takes it off the wheel with `remove`. */
  advance(now: number, expire: (slot: number) => void): void {
    const target = Math.floor(now);
    if (!this.#started || now < this.setBack) {
      this.#started = true;
      this.#second = target;
    }
    // After a long silence every bucket is looked at once.
    const steps = Math.min(target - this.#second, BUCKETS);
    const first = target - steps + 1;
    this.#second = Math.max(this.#second, target);
    for (let second = first; second <= target; second++) this.#sweep(second & (BUCKETS - 1), now, expire);
    this.nextTick = this.#second + 1;
    this.setBack = this.#second - BUCKETS;
  }

  #sweep(bucket: number, now: number, expire: (slot: number) => void): void {
    const { words, floats } = this.#store;
    let slot = this.#heads[bucket];
    while (slot >= 0) {
      const next = words[slot * WORDS + WHEEL_NEXT];
      if (floats[(slot * WORDS) / 2 + DEADLINE] <= now) expire(slot);
      else {
        this.remove(slot);
        this.add(slot);
      }
      slot = next;
    }
  }

  /** All connections on the wheel. */
  slots(): number[] {
    const { words } = this.#store;
    const all: number[] = [];
    for (const head of this.#heads) {
      for (let slot = head; slot >= 0; slot = words[slot * WORDS + WHEEL_NEXT]) all.push(slot);
    }
    return all;
  }

  /** The connection that would expire soonest, to make room; -1 where there is none. */
  soonest(): number {
    for (let i = 1; i <= BUCKETS; i++) {
      const slot = this.#heads[(this.#second + i) & (BUCKETS - 1)];
      if (slot >= 0) return slot;
    }
    return -1;
  }
}
