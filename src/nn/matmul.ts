/**
 * One row times a matrix, in the three forms that a layer and its gradient need.
 * Row-major: W [n, m]; x has n elements from xo, y has m from yo.
 */
import type { Floats } from './tensor.ts';

/** y += x · W */
export function addProduct(x: Floats, xo: number, w: Floats, n: number, m: number, y: Floats, yo: number): void {
  for (let k = 0; k < n; k++) {
    const value = x[xo + k];
    if (value === 0) continue; // relu, the first state and dropout give many
    for (let j = 0, at = k * m; j < m; j++, at++) y[yo + j] += value * w[at];
  }
}

/** dx += dy · Wᵀ */
export function addProductTransposed(
  dy: Floats,
  yo: number,
  w: Floats,
  n: number,
  m: number,
  dx: Floats,
  xo: number,
): void {
  for (let k = 0; k < n; k++) {
    let sum = 0;
    for (let j = 0, at = k * m; j < m; j++, at++) sum += dy[yo + j] * w[at];
    dx[xo + k] += sum;
  }
}

/** dW += xᵀ · dy */
export function addOuter(x: Floats, xo: number, dy: Floats, yo: number, n: number, m: number, dw: Floats): void {
  for (let k = 0; k < n; k++) {
    const value = x[xo + k];
    if (value === 0) continue;
    for (let j = 0, at = k * m; j < m; j++, at++) dw[at] += value * dy[yo + j];
  }
}

/** db += dy */
export function addRow(dy: Floats, yo: number, m: number, db: Floats): void {
  for (let j = 0; j < m; j++) db[j] += dy[yo + j];
}
