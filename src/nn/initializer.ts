import type { Random } from './random.ts';
import type { Shape } from './tensor.ts';

/** Keras' names. `lstm_bias` is zeros with ones for the forget gate (Keras: unit_forget_bias). */
export type Initializer = 'glorot_uniform' | 'orthogonal' | 'zeros' | 'lstm_bias';

/** Fills one weight of shape [rows, columns] or [columns]. */
export function initialize(initializer: Initializer, data: Float32Array, shape: Shape, random: Random): void {
  switch (initializer) {
    case 'zeros':
      data.fill(0);
      return;
    case 'lstm_bias':
      data.fill(0);
      data.fill(1, data.length / 4, data.length / 2); // gates i, f, c, o
      return;
    case 'glorot_uniform': {
      // Glorot & Bengio 2010: U(-a, a) with a = sqrt(6 / (fan_in + fan_out)).
      const limit = Math.sqrt(6 / (shape[0] + shape[1]));
      for (let i = 0; i < data.length; i++) data[i] = (2 * random.uniform() - 1) * limit;
      return;
    }
    case 'orthogonal':
      orthogonal(data, shape[0], shape[1], random);
  }
}

/**
 * Saxe et al. 2014: orthonormal rows (or columns, whichever are fewer) of a random matrix, uniform over rotations.
 * Gram-Schmidt in double precision, twice, which is as orthogonal as QR.
 */
function orthogonal(data: Float32Array, rows: number, columns: number, random: Random): void {
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const basis: Float64Array[] = [];
  for (let k = 0; k < count; k++) {
    const vector = Float64Array.from({ length }, () => random.normal());
    for (let pass = 0; pass < 2; pass++) {
      for (const other of basis) {
        let dot = 0;
        for (let i = 0; i < length; i++) dot += vector[i] * other[i];
        for (let i = 0; i < length; i++) vector[i] -= dot * other[i];
      }
    }
    const norm = Math.hypot(...vector);
    for (let i = 0; i < length; i++) vector[i] /= norm;
    basis.push(vector);
  }
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) data[r * columns + c] = rows <= columns ? basis[r][c] : basis[c][r];
  }
}
