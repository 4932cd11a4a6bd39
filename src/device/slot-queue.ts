/** Slots in the order in which they came, each at most once: a ring, since a set that loses its head again and again slows down. */
export class SlotQueue {
  readonly #slots: Int32Array;
  /** 1 for the slots that are in the ring. */
  readonly #queued: Uint8Array;
  #head = 0;
  #length = 0;

  constructor(capacity: number) {
    this.#slots = new Int32Array(capacity);
    this.#queued = new Uint8Array(capacity);
  }

  /** A slot that is in it keeps its place. */
  push(slot: number): void {
    if (this.#queued[slot] === 1) return;
    this.#queued[slot] = 1;
    this.#slots[(this.#head + this.#length) % this.#slots.length] = slot;
    this.#length++;
  }

  /** The oldest, or -1. */
  shift(): number {
    if (this.#length === 0) return -1;
    const slot = this.#slots[this.#head];
    this.#head = (this.#head + 1) % this.#slots.length;
    this.#length--;
    this.#queued[slot] = 0;
    return slot;
  }
}
