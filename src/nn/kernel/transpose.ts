/** Between row-major samples [B, T, F] and the kernels' batch-minor blocks [T, F, B], rows and columns padded. */
import { padded } from './arena.ts';
import type { Signal } from './signal.ts';
import { stepsOf } from './signal.ts';

/** Sample `source` (its first value's index in x) becomes column b. */
export function putSample(
  floats: Float32Array,
  at: number,
  signal: Signal,
  batch: number,
  b: number,
  x: ArrayLike<number>,
  source: number,
): void {
  const { time, features } = signal;
  for (let t = 0; t < time; t++) {
    let to = at / 4 + t * padded(features) * batch + b;
    for (let f = 0; f < features; f++, to += batch) floats[to] = x[source++];
  }
}

/** Fills the columns [from, batch) with zeros. */
export function clearColumns(floats: Float32Array, signal: Signal, batch: number, from: number): void {
  const rows = stepsOf(signal) * padded(signal.features);
  for (let r = 0, to = signal.at / 4; r < rows; r++, to += batch) floats.fill(0, to + from, to + batch);
}

/** Column b becomes a row-major sample at y[target]. */
export function takeSample(
  floats: Float32Array,
  signal: Signal,
  batch: number,
  b: number,
  y: Float32Array,
  target: number,
): void {
  const { time, features, repeated } = signal;
  for (let t = 0; t < time; t++) {
    let from = signal.at / 4 + (repeated ? 0 : t * padded(features) * batch) + b;
    for (let f = 0; f < features; f++, from += batch) y[target++] = floats[from];
  }
}
