import type { ConnectionStore } from './connection-store.ts';
import { DEADLINE, START, WHEEL_BUCKET, WHEEL_NEXT, WHEEL_PREVIOUS, WORDS } from './record-layout.ts';

/** One bucket a second; a deadline further away is looked at again when its turn comes. */
const BUCKETS = 512;
/** So many packets from before the wheel's time mean that the clock was set back. */
const PATIENCE = 1000;

/**
 * Finds connections whose deadline has passed. A connection waits in the bucket of the deadline it had when it was put
 * there; packets move deadlines without touching the wheel, and a bucket that comes up sorts out who is really due.
 * So a packet costs nothing here, and a connection one move per timeout.
 */
export class ExpiryWheel {
  readonly #store: ConnectionStore;
  readonly #heads = new Int32Array(BUCKETS).fill(-1);
  /** One bit for each bucket that may hold a connection. */
  readonly #occupied = new Int32Array(BUCKETS / 32);
  #second = 0;
  #behind = 0;
  #started = false;

  constructor(store: ConnectionStore) {
    this.#store = store;
  }

  /** `advance` has something to do at or after the first, or, because the clock was set back, before the second. */
  nextTick = Number.POSITIVE_INFINITY;
  setBack = Number.NEGATIVE_INFINITY;

  add(slot: number): void {
    const { words, floats } = this.#store;
    const base = slot * WORDS;
    const due = Math.floor(floats[base / 2 + DEADLINE]) + 1;
    if (!this.#started) {
      this.#started = true;
      this.#second = Math.floor(floats[base / 2 + START]);
      this.setBack = this.#second - BUCKETS;
    }
    // The current bucket was already emptied, and one a whole turn away would be read too early.
    const second = Math.min(Math.max(due, this.#second + 1), this.#second + BUCKETS - 1);
    const bucket = second & (BUCKETS - 1);
    const head = this.#heads[bucket];
    words[base + WHEEL_PREVIOUS] = -1;
    words[base + WHEEL_NEXT] = head;
    words[base + WHEEL_BUCKET] = bucket;
    if (head >= 0) words[head * WORDS + WHEEL_PREVIOUS] = slot;
    this.#heads[bucket] = slot;
    this.#occupied[bucket >>> 5] |= 1 << (bucket & 31);
    if (second < this.nextTick) this.nextTick = second;
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
    if (target < this.setBack) {
      // A few packets with an old time are no new time: following each one would cost a look at every connection.
      this.#behind++;
      if (this.#behind < PATIENCE) return;
      this.#behind = 0;
      this.#jump(target, now, expire);
      return;
    }
    if (target - this.#second >= BUCKETS) {
      this.#jump(target, now, expire);
      return;
    }
    this.nextTick = this.#nextOccupied();
    while (this.nextTick <= target) {
      this.#second = this.nextTick;
      this.#sweep(this.#second & (BUCKETS - 1), now, expire);
      this.nextTick = this.#nextOccupied();
    }
    this.#second = Math.max(this.#second, target);
    this.setBack = this.#second - BUCKETS;
  }

  /** The clock was set, or nothing came for a long time: every connection is looked at once, from the new time. */
  #jump(target: number, now: number, expire: (slot: number) => void): void {
    const { floats } = this.#store;
    this.#second = target;
    this.setBack = target - BUCKETS;
    this.nextTick = Number.POSITIVE_INFINITY;
    for (const slot of this.slots()) {
      if (floats[(slot * WORDS) / 2 + DEADLINE] <= now) expire(slot);
      else {
        this.remove(slot);
        this.add(slot);
      }
    }
    this.nextTick = this.#nextOccupied();
  }

  /** The second of the next bucket that may hold a connection: the next bit that is set, the current one last. */
  #nextOccupied(): number {
    const current = this.#second & (BUCKETS - 1);
    for (let ahead = 0; ahead <= BUCKETS / 32; ahead++) {
      const word = ((current >>> 5) + ahead) & (BUCKETS / 32 - 1);
      let bits = this.#occupied[word];
      // Of the first word only what is ahead, and when the search has come round, the rest of it.
      if (ahead === 0) bits &= -2 << (current & 31);
      if (ahead === BUCKETS / 32) bits &= ~(-2 << (current & 31));
      if (bits !== 0) {
        const bucket = word * 32 + 31 - Math.clz32(bits & -bits);
        return this.#second + (((bucket - current - 1) & (BUCKETS - 1)) + 1);
      }
    }
    return Number.POSITIVE_INFINITY;
  }

  #sweep(bucket: number, now: number, expire: (slot: number) => void): void {
    const { words, floats } = this.#store;
    let slot = this.#heads[bucket];
    this.#occupied[bucket >>> 5] &= ~(1 << (bucket & 31));
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
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      // Most of them are empty, and a look at 32 of them says so.
      if ((bucket & 31) === 0 && this.#occupied[bucket >>> 5] === 0) bucket += 31;
      else for (let slot = this.#heads[bucket]; slot >= 0; slot = words[slot * WORDS + WHEEL_NEXT]) all.push(slot);
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
