/** A set that mostly holds nothing or one value: in a flood of made-up addresses nobody has more, and a Set costs 250 bytes. */
export class FewSet<T> {
  private only: T | undefined;
  private all: Set<T> | null = null;

  get size(): number {
    return this.all?.size ?? (this.only === undefined ? 0 : 1);
  }

  has(value: T): boolean {
    return this.all?.has(value) ?? this.only === value;
  }

  add(value: T): void {
    if (this.all !== null) this.all.add(value);
    else if (this.only === undefined) this.only = value;
    else if (this.only !== value) this.all = new Set([this.only, value]);
  }

  *[Symbol.iterator](): Generator<T> {
    if (this.all !== null) yield* this.all;
    else if (this.only !== undefined) yield this.only;
  }

  clear(): void {
    this.only = undefined;
    this.all = null;
  }
}
