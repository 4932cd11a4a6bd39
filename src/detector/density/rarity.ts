/** How rare a category is among those seen: the rank p-value of a categorical value, Good–Turing for the unseen. */
import type { Category } from './neighbours.ts';

export class Rarity {
  private readonly counts = new Map<Category, number>();
  private readonly capacity: number;
  total = 0;
  /** p-value by count, rebuilt when counts have changed. */
  private ranks: Map<number, number> | null = null;
  private unseen = 1;

  /** @param capacity values remembered; further new ones only count as unseen */
  constructor(capacity = 4096) {
    this.capacity = capacity;
  }

  add(value: Category, count = 1): void {
    this.total += count;
    this.ranks = null;
    const known = this.counts.get(value);
    if (known !== undefined) this.counts.set(value, known + count);
    else if (this.counts.size < this.capacity) this.counts.set(value, count);
  }

  /** One observation less of a value; nothing where it was not remembered. */
  remove(value: Category): void {
    const known = this.counts.get(value);
    if (known === undefined) return;
    this.total--;
    this.ranks = null;
    if (known > 1) this.counts.set(value, known - 1);
    else this.counts.delete(value);
  }

  /** A value has another name from now on. */
  rename(from: Category, to: Category): void {
    const count = this.counts.get(from);
    if (count === undefined) return;
    this.counts.delete(from);
    this.counts.set(to, count + (this.counts.get(to) ?? 0));
    this.ranks = null;
  }

  /** Of all that was seen. */
  share(value: Category): number {
    return this.total > 0 ? (this.counts.get(value) ?? 0) / this.total : 0;
  }

  has(value: Category): boolean {
    return this.counts.has(value);
  }

  /**
   * -ln p in nats, p being the share of past observations whose value was as rare as this one or rarer. For a value
   * never seen, half the share of values seen once (Good–Turing: that is how often something new turns up).
   */
  surprise(value: Category): number {
    const ranks = this.ranks ?? this.rank();
    const count = this.counts.get(value);
    return -Math.log(count === undefined ? this.unseen : ranks.get(count)!);
  }

  save(): [Category, number][] {
    return [...this.counts];
  }

  load(entries: readonly (readonly [Category, number])[]): void {
    this.counts.clear();
    this.total = 0;
    for (const [value, count] of entries) this.add(value, count);
  }

  private rank(): Map<number, number> {
    const mass = new Map<number, number>();
    for (const count of this.counts.values()) mass.set(count, (mass.get(count) ?? 0) + count);
    const ranks = new Map<number, number>();
    let below = 0;
    for (const [count, sum] of [...mass].sort((a, b) => a[0] - b[0])) {
      below += sum;
      ranks.set(count, Math.min(1, (below + 1) / (this.total + 1)));
    }
    this.unseen = (0.5 * ((mass.get(1) ?? 0) + 1)) / (this.total + 1);
    this.ranks = ranks;
    return ranks;
  }
}
