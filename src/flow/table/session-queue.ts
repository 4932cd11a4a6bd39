import type { ConnectionStore } from './connection-store.ts';
import { DEADLINE, LAST, WHEEL_BUCKET, WHEEL_NEXT, WHEEL_PREVIOUS, WORDS } from './record-layout.ts';

/** What WHEEL_BUCKET holds for a connection in this queue. */
export const IN_QUEUE = -2;

/** Zeek asks for one second less than the interval, so that clock noise does not add a whole interval. */
const SLACK = 1;

/**
 * Zeek looks after DNS sessions every `dns_session_timeout` from their beginning, and ends those that were quiet.
 * As the interval is constant, the order of the next look is the order of insertion: a linked list suffices, through
 * the words that other connections use for the wheel.
 */
export class SessionQueue {
  readonly #store: ConnectionStore;
  readonly #interval: number;
  #head = -1;
  #tail = -1;
  /** The time of the next look at any session. */
  nextTick = Number.POSITIVE_INFINITY;

  constructor(store: ConnectionStore, interval: number) {
    this.#store = store;
    this.#interval = interval;
  }

  add(slot: number, now: number): void {
    const { words, floats } = this.#store;
    const base = slot * WORDS;
    floats[base / 2 + DEADLINE] = now + this.#interval;
    words[base + WHEEL_BUCKET] = IN_QUEUE;
    words[base + WHEEL_PREVIOUS] = this.#tail;
    words[base + WHEEL_NEXT] = -1;
    if (this.#tail >= 0) words[this.#tail * WORDS + WHEEL_NEXT] = slot;
    else this.#setHead(slot);
    this.#tail = slot;
  }

  remove(slot: number): void {
    const { words } = this.#store;
    const base = slot * WORDS;
    const previous = words[base + WHEEL_PREVIOUS];
    const next = words[base + WHEEL_NEXT];
    if (next >= 0) words[next * WORDS + WHEEL_PREVIOUS] = previous;
    else this.#tail = previous;
    if (previous >= 0) words[previous * WORDS + WHEEL_NEXT] = next;
    else this.#setHead(next);
  }

  #setHead(slot: number): void {
    this.#head = slot;
    this.nextTick = slot < 0 ? Number.POSITIVE_INFINITY : this.#store.floats[(slot * WORDS) / 2 + DEADLINE];
  }

  /** Calls `expire` for sessions that were quiet when they were looked at; the callee removes them. */
  advance(now: number, expire: (slot: number) => void): void {
    const { floats } = this.#store;
    while (now >= this.nextTick) {
      const slot = this.#head;
      if (now - floats[(slot * WORDS) / 2 + LAST] >= this.#interval - SLACK) expire(slot);
      else {
        this.remove(slot);
        this.add(slot, now);
      }
    }
  }

  get oldest(): number {
    return this.#head;
  }

  slots(): number[] {
    const { words } = this.#store;
    const all: number[] = [];
    for (let slot = this.#head; slot >= 0; slot = words[slot * WORDS + WHEEL_NEXT]) all.push(slot);
    return all;
  }
}
