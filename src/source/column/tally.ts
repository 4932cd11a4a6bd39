/** Keeps the account of one reader: offered = parsed + rejected + dropped. */
import type { SourceStats } from '../source.ts';

/** Line numbers of refused rows that are kept for the owner to look at. */
const FIRST_LINES = 10;

export class Tally {
  readonly stats: SourceStats;
  /** The unit, counted from 1, that was refused last. */
  private lastRejected = 0;

  constructor(format: string) {
    this.stats = {
      format,
      bytes: 0,
      offered: 0,
      parsed: 0,
      // No prototype: reasons are our own words, but a counter must never meet `constructor`.
      rejected: Object.create(null) as Record<string, number>,
      dropped: Object.create(null) as Record<string, number>,
      weirds: Object.create(null) as Record<string, number>,
      truncated: false,
      truncatedAt: null,
      rejectedLines: [],
    };
  }

  accept(): void {
    this.stats.offered++;
    this.stats.parsed++;
  }

  /** A row that cannot be used; `line` counts from 1, null where the format has no lines. */
  reject(reason: string, line: number | null): void {
    this.lastRejected = ++this.stats.offered;
    this.stats.rejected[reason] = (this.stats.rejected[reason] ?? 0) + 1;
    if (line !== null && this.stats.rejectedLines.length < FIRST_LINES) this.stats.rejectedLines.push(line);
  }

  /** Units that never came; negative where some came after all. */
  drop(reason: string, count: number): void {
    const before = this.stats.dropped[reason] ?? 0;
    const change = Math.max(-before, count);
    if (change === 0) return;
    this.stats.dropped[reason] = before + change;
    this.stats.offered += change;
  }

  weird(name: string, count = 1): void {
    this.stats.weirds[name] = (this.stats.weirds[name] ?? 0) + count;
  }

  /** Whether the unit that came last was refused. */
  get endedRefused(): boolean {
    return this.lastRejected > 0 && this.lastRejected === this.stats.offered;
  }

  truncate(offset: number): void {
    this.stats.truncated = true;
    this.stats.truncatedAt = offset;
  }
}
