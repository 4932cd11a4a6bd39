/** Frames that could not be decoded, by reason. */
import { reasons } from '../../packet/reason.ts';
import type { Accounting } from '../../source/source.ts';

export class RefusedFrames {
  readonly #counts = new Uint32Array(reasons.length);

  count(reason: number): void {
    this.#counts[reason]++;
  }

  /** They were offered, and not parsed after all. */
  enter(account: Accounting): void {
    for (const [number, count] of this.#counts.entries()) {
      if (count === 0) continue;
      account.rejected[`decode.${reasons[number]}`] = count;
      account.parsed -= count;
    }
  }
}
