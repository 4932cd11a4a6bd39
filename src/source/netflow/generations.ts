/**
 * What waits for more of its kind, by key, in two generations: what nothing was put to between two ageings is given up.
 * Memory is bounded: the older half leaves when it is full.
 */
export class Generations<Value> {
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();
  readonly #leave: (value: Value) => void;
  readonly #limit: number;

  constructor(leave: (value: Value) => void, limit: number) {
    this.#leave = leave;
    this.#limit = limit;
  }

  get(key: string): Value | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  /** Takes it out. */
  take(key: string): Value | undefined {
    const value = this.get(key);
    if (!this.#young.delete(key)) this.#old.delete(key);
    return value;
  }

  put(key: string, value: Value): void {
    if (this.#young.size >= this.#limit / 2) this.age();
    this.#young.set(key, value);
  }

  /** Gives up what already waited at the ageing before this one. */
  age(): void {
    for (const value of this.#old.values()) this.#leave(value);
    this.#old = this.#young;
    this.#young = new Map();
  }

  /** Gives up everything that waits. */
  flush(): void {
    this.age();
    this.age();
  }
}
