/** What a network says of a device at one moment. */
export interface Reading {
  /** -ln p that benign traffic of the device is as strange. */
  nats: number;
  /** The numbers behind it; to be asked for before the next reading. */
  evidence: () => Record<string, number | string>;
}

const NAMED = 2;

/** Names of the features whose error is furthest beyond their noise. */
export function leading(
  errors: ArrayLike<number>,
  noise: ArrayLike<number>,
  nameOf: (feature: number) => string,
): string[] {
  const order = Array.from(errors, (_, i) => i).sort(
    (a, b) => errors[b] / (noise[b] + 0.01) - errors[a] / (noise[a] + 0.01),
  );
  return [...new Set(order.slice(0, NAMED + 1).map(nameOf))].slice(0, NAMED);
}
