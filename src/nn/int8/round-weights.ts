/**
 * Rounds weights so that the products change least, not the weights: Frantar et al. 2022 (GPTQ). Each rounding error
 * is taken up by the inputs that are not rounded yet, as far as the inputs' second moments say that they can.
 *   W [K, C] row-major   H [K, K] = mean of x·xᵀ
 */
import { roundToHalf } from './half.ts';
import type { IntegerTensor } from './quantized-network.ts';

/** Share of the mean of H's diagonal that is added to it: keeps dead inputs from taking up errors. */
const damping = 0.01;
/** Scales are numbers that a file in half precision holds. */
const smallestHalf = 2 ** -24;

/** `limit`: largest integer; the smallest is -limit. */
export function roundWeights(w: Float64Array, K: number, C: number, H: Float64Array, limit: number): IntegerTensor {
  const scale = new Float32Array(C);
  for (let j = 0; j < C; j++) {
    let largest = 0;
    for (let k = 0; k < K; k++) largest = Math.max(largest, Math.abs(w[k * C + j]));
    scale[j] = roundToHalf(largest / limit) || smallestHalf;
  }
  // The inputs that matter most are rounded first, while many are left to make up for it.
  const order = Array.from({ length: K }, (_, k) => k).sort((a, b) => H[b * K + b] - H[a * K + a]);
  let trace = 0;
  for (let k = 0; k < K; k++) trace += H[k * K + k];
  const ridge = (damping * trace) / K || 1;
  const ordered = new Float64Array(K * K);
  for (let i = 0; i < K; i++) {
    for (let k = 0; k < K; k++) ordered[i * K + k] = H[order[i] * K + order[k]] + (i === k ? ridge : 0);
  }
  const factor = choleskyUpper(invert(ordered, K), K);

  const rest = w.slice();
  const integers = new Int8Array(K * C);
  for (let i = 0; i < K; i++) {
    const k = order[i];
    for (let j = 0; j < C; j++) {
      const value = rest[k * C + j];
      const integer = Math.max(-limit, Math.min(limit, Math.round(value / scale[j])));
      integers[k * C + j] = integer;
      const error = (value - integer * scale[j]) / factor[i * K + i];
      for (let later = i + 1; later < K; later++) {
        rest[order[later] * C + j] -= error * factor[i * K + later];
      }
    }
  }
  return { integers, scale };
}

/** Lower triangular L with L·Lᵀ = A, for symmetric positive A [n, n]. */
export function cholesky(A: Float64Array, n: number): Float64Array {
  const L = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = A[i * n + j];
      for (let k = 0; k < j; k++) sum -= L[i * n + k] * L[j * n + k];
      L[i * n + j] = i === j ? Math.sqrt(sum) : sum / L[j * n + j];
    }
  }
  return L;
}

/** x with A·x = b, from A = L·Lᵀ. */
export function solve(L: Float64Array, n: number, b: Float64Array): Float64Array {
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= L[i * n + k] * x[k];
    x[i] /= L[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= L[k * n + i] * x[k];
    x[i] /= L[i * n + i];
  }
  return x;
}

function invert(A: Float64Array, n: number): Float64Array {
  const L = cholesky(A, n);
  const inverse = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const unit = new Float64Array(n);
    unit[j] = 1;
    const column = solve(L, n, unit);
    for (let i = 0; i < n; i++) inverse[i * n + j] = column[i];
  }
  return inverse;
}

/** Upper triangular R with Rᵀ·R = A. */
function choleskyUpper(A: Float64Array, n: number): Float64Array {
  const L = cholesky(A, n);
  const R = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) R[i * n + j] = L[j * n + i];
  return R;
}
