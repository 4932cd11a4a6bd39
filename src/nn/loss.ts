import type { Floats } from './tensor.ts';

export const losses = ['mse', 'mae', 'huber'] as const;
export type Loss = (typeof losses)[number];

/** Where Huber's loss turns from square to linear (Keras: delta). */
const huberDelta = 1;

/**
 * Sum over `length` elements of the loss of y against the target; d(scale · sum)/dy into dy where it is given.
 * Callers divide by the number of elements (Keras: sum_over_batch_size), which `scale` does for the gradient.
 */
export function lossSum(
  loss: Loss,
  y: Floats,
  target: Floats,
  targetOffset: number,
  length: number,
  dy?: Floats,
  scale = 1,
): number {
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const error = y[i] - target[targetOffset + i];
    const size = Math.abs(error);
    let slope: number;
    if (loss === 'mse') {
      sum += error * error;
      slope = 2 * error;
    } else if (loss === 'mae') {
      sum += size;
      slope = Math.sign(error);
    } else if (size <= huberDelta) {
      sum += 0.5 * error * error;
      slope = error;
    } else {
      sum += huberDelta * (size - 0.5 * huberDelta);
      slope = huberDelta * Math.sign(error);
    }
    if (dy) dy[i] = scale * slope;
  }
  return sum;
}
