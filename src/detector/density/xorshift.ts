/** xorshift32 (Marsaglia 2003), seeded: the same traffic is sampled in the same way. */
export class Xorshift32 {
  #state: number;

  /** @param seed not 0 */
  constructor(seed: number) {
    this.#state = seed;
  }

  /** The next number of 32 bits, without a sign. */
  next(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return this.#state >>> 0;
  }
}
