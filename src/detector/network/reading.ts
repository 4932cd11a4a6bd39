import type { UsualOf } from '../deviation.ts';
import type { Explanation } from '../finding.ts';

/** What a network says of a device at one moment. */
export interface Reading<Kind extends 'rhythm' | 'sequence'> {
  /** -ln p that benign traffic of the device is as strange. */
  nats: number;
  /** What is behind it; to be asked for before the next reading. */
  explain: (usual: UsualOf) => Explanation<Kind>;
}

const NAMED = 2;

/** The features whose error is furthest beyond their noise. */
export function leading(errors: ArrayLike<number>, noise: ArrayLike<number>): number[] {
  const order = Array.from(errors, (_, i) => i).sort(
    (a, b) => errors[b] / (noise[b] + 0.01) - errors[a] / (noise[a] + 0.01),
  );
  return order.slice(0, NAMED);
}
