import type { UsualOf } from '../deviation.ts';

/** What a network says of a device at one moment. */
export interface Reading {
  /** -ln p that benign traffic of the device is as strange. */
  nats: number;
  /** The numbers behind it; to be asked for before the next reading. */
  evidence: (usual: UsualOf) => Record<string, number | string>;
}

const NAMED = 2;

/** The features whose error is furthest beyond their noise. */
export function leading(errors: ArrayLike<number>, noise: ArrayLike<number>): number[] {
  const order = Array.from(errors, (_, i) => i).sort(
    (a, b) => errors[b] / (noise[b] + 0.01) - errors[a] / (noise[a] + 0.01),
  );
  return order.slice(0, NAMED);
}
