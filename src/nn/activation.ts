import type { Floats } from './tensor.ts';

export const activations = ['linear', 'relu', 'sigmoid', 'tanh'] as const;
export type Activation = (typeof activations)[number];

/** Throws a RangeError that lists the valid ones. */
export function requireActivation(type: string, name: Activation): Activation {
  if (activations.includes(name)) return name;
  throw new RangeError(`${type}: there is no activation "${name}"; there are ${activations.join(', ')}`);
}

export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** y = φ(y), in place, for `length` values from `offset`. */
export function activationForward(name: Activation, y: Floats, offset: number, length: number): void {
  const end = offset + length;
  switch (name) {
    case 'linear':
      return;
    case 'relu':
      // Not Math.max: relu(NaN) must stay NaN, so that a diverged training is seen.
      for (let i = offset; i < end; i++) if (y[i] < 0) y[i] = 0;
      return;
    case 'sigmoid':
      for (let i = offset; i < end; i++) y[i] = sigmoid(y[i]);
      return;
    case 'tanh':
      for (let i = offset; i < end; i++) y[i] = Math.tanh(y[i]);
      return;
  }
}

/** φ'(z) said by y = φ(z): that is all that backward passes keep. */
export function activationDerivative(name: Activation, y: number): number {
  switch (name) {
    case 'linear':
      return 1;
    case 'relu':
      return y > 0 ? 1 : 0;
    case 'sigmoid':
      return y * (1 - y);
    case 'tanh':
      return 1 - y * y;
  }
}
