/** Counts of named oddities of the traffic, under Zeek's names. */
export class Weirds {
  readonly counts: Record<string, number> = Object.create(null);

  count(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }
}
