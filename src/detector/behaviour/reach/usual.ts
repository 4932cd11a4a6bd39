/** The most that was seen of something while learning, by key; bounded, and kept through a restart. */
const CAPACITY = 16_384;

/** What a device does this many times as much as ever before is unusual for it. */
export const PAST_FACTOR = 3;

export type SavedUsual = [key: string, most: number][];

export class Usual {
  private readonly most = new Map<string, number>();

  learn(key: string, value: number): void {
    const known = this.most.get(key);
    if (known === undefined) {
      if (this.most.size < CAPACITY) this.most.set(key, value);
    } else if (value > known) this.most.set(key, value);
  }

  /**
   * From where on the value stands out: so much, or a multiple of the past. While learning it is learned unless it stands
   * out: what is called out is nobody's past, else a tunnel that was there first would raise the bar for all after it.
   */
  barFor(key: string, value: number, cold: number, factor: number, learning: boolean): number {
    if (!learning) return Math.max(cold, factor * (this.of(key) ?? 0));
    if (value < cold) this.learn(key, value);
    return cold;
  }

  /** Undefined where nothing was learned. */
  of(key: string): number | undefined {
    return this.most.get(key);
  }

  save(): SavedUsual {
    return [...this.most];
  }

  load(entries: SavedUsual): void {
    this.most.clear();
    for (const [key, value] of entries) this.learn(key, value);
  }
}
