/**
 * The gradients of weights: sums over the steps and the batch.
 *   dz [T, R, B]   x [T, K, B]   dW [K, C] in Keras' layout   db [C]
 * Row r = 4·panel + j of dz belongs to column panel·panelStep + j·rowStep of dW: (1, U) for the gates of an LSTM,
 * (4, 1) for plain units, of which the last panel may hold fewer than four.
 */
import { laneSums, madd } from './arithmetic';

/** dW = Σ x·dzᵀ; overwrites. The steps of dz and x are dzStep and xStep bytes apart. */
export function outer(
  dw: usize, dz: usize, dzStep: usize, x: usize, xStep: usize, steps: u32,
  rows: u32, k: u32, columns: u32, panelStep: u32, rowStep: u32, batch: u32,
): void {
  const stride = <usize>batch << 2;
  const line = <usize>columns << 2;
  const panels = (rows + 3) >> 2;
  for (let panel: u32 = 0; panel < panels; panel++) {
    const valid = min<u32>(4, rows - (panel << 2));
    const rowsAt = dz + (<usize>panel << 2) * stride;
    let to = dw + (<usize>(panel * panelStep) << 2);
    let i: u32 = 0;
    for (; i + 2 <= k; i += 2, to += line << 1) pair(to, line, rowStep, valid, rowsAt, dzStep, x + <usize>i * stride, xStep, steps, stride);
    if (i < k) one(to, rowStep, valid, rowsAt, dzStep, x + <usize>i * stride, xStep, steps, stride);
  }
}

/** Four rows of dz by two of x. */
// @ts-ignore: decorator
@inline
function pair(
  to: usize, line: usize, rowStep: u32, valid: u32, dz: usize, dzStep: usize, x: usize, xStep: usize, steps: u32, stride: usize,
): void {
  let a0 = f32x4.splat(0), b0 = a0, c0 = a0, d0 = a0, a1 = a0, b1 = a0, c1 = a0, d1 = a0;
  for (let t: u32 = 0; t < steps; t++, dz += dzStep, x += xStep) {
    for (let at: usize = 0; at < stride; at += 16) {
      const row = dz + at, column = x + at;
      const x0 = v128.load(column), x1 = v128.load(column + stride);
      const p = v128.load(row), q = v128.load(row + stride);
      const r = v128.load(row + 2 * stride), s = v128.load(row + 3 * stride);
      a0 = madd(p, x0, a0), a1 = madd(p, x1, a1);
      b0 = madd(q, x0, b0), b1 = madd(q, x1, b1);
      c0 = madd(r, x0, c0), c1 = madd(r, x1, c1);
      d0 = madd(s, x0, d0), d1 = madd(s, x1, d1);
    }
  }
  scatter(to, rowStep, valid, laneSums(a0, b0, c0, d0));
  scatter(to + line, rowStep, valid, laneSums(a1, b1, c1, d1));
}

// @ts-ignore: decorator
@inline
function one(
  to: usize, rowStep: u32, valid: u32, dz: usize, dzStep: usize, x: usize, xStep: usize, steps: u32, stride: usize,
): void {
  let a = f32x4.splat(0), b = a, c = a, d = a;
  for (let t: u32 = 0; t < steps; t++, dz += dzStep, x += xStep) {
    for (let at: usize = 0; at < stride; at += 16) {
      const row = dz + at;
      const value = v128.load(x + at);
      a = madd(v128.load(row), value, a);
      b = madd(v128.load(row + stride), value, b);
      c = madd(v128.load(row + 2 * stride), value, c);
      d = madd(v128.load(row + 3 * stride), value, d);
    }
  }
  scatter(to, rowStep, valid, laneSums(a, b, c, d));
}

// @ts-ignore: decorator
@inline
function scatter(to: usize, rowStep: u32, valid: u32, sums: v128): void {
  const step = <usize>rowStep << 2;
  v128.store_lane<f32>(to, sums, 0);
  if (valid > 1) v128.store_lane<f32>(to + step, sums, 1);
  if (valid > 2) v128.store_lane<f32>(to + 2 * step, sums, 2);
  if (valid > 3) v128.store_lane<f32>(to + 3 * step, sums, 3);
}

/** db = Σ dz; overwrites. */
export function rowSums(
  db: usize, dz: usize, dzStep: usize, steps: u32, rows: u32, panelStep: u32, rowStep: u32, batch: u32,
): void {
  const stride = <usize>batch << 2;
  const panels = (rows + 3) >> 2;
  for (let panel: u32 = 0; panel < panels; panel++, dz += stride << 2) {
    let a = f32x4.splat(0), b = a, c = a, d = a;
    let from = dz;
    for (let t: u32 = 0; t < steps; t++, from += dzStep) {
      for (let at: usize = 0; at < stride; at += 16) {
        const row = from + at;
        a = f32x4.add(a, v128.load(row));
        b = f32x4.add(b, v128.load(row + stride));
        c = f32x4.add(c, v128.load(row + 2 * stride));
        d = f32x4.add(d, v128.load(row + 3 * stride));
      }
    }
    scatter(db + (<usize>(panel * panelStep) << 2), rowStep, min<u32>(4, rows - (panel << 2)), laneSums(a, b, c, d));
  }
}
