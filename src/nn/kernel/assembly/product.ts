/**
 * The product under every layer, batch-minor: y = init + V·x + W·h.
 *   x [K, B]   h [L, B]   y [R, B]   init: a bias [R], or [R, B]
 *   V [R/4, K, 4]   W [R/4, L, 4]: panels of four rows, so that weights are read in the order of their use
 * R and B are multiples of 4. Four rows by eight columns stay in registers: eight sums, two inputs, four weights.
 */
import { madd } from './arithmetic';

/** init [R, B] is used where there is no bias (0); init = y adds to y. L may be 0. */
export function product(
  y: usize, bias: usize, init: usize, v: usize, x: usize, k: u32, w: usize, h: usize, l: u32, rows: u32, batch: u32,
): void {
  const stride = <usize>batch << 2;
  for (let r: u32 = 0; r < rows; r += 4) {
    let at: usize = 0;
    for (; at + 32 <= stride; at += 32) tile8(y + at, bias, init + at, v, x + at, k, w, h + at, l, stride);
    if (at < stride) tile4(y + at, bias, init + at, v, x + at, k, w, h + at, l, stride);
    y += stride << 2;
    init += stride << 2;
    if (bias) bias += 16;
    v += <usize>k << 4;
    w += <usize>l << 4;
  }
}

// @ts-ignore: decorator
@inline
function tile8(
  y: usize, bias: usize, init: usize, v: usize, x: usize, k: u32, w: usize, h: usize, l: u32, stride: usize,
): void {
  let a0: v128, a1: v128, b0: v128, b1: v128, c0: v128, c1: v128, d0: v128, d1: v128;
  if (bias) {
    a0 = a1 = v128.load32_splat(bias);
    b0 = b1 = v128.load32_splat(bias, 4);
    c0 = c1 = v128.load32_splat(bias, 8);
    d0 = d1 = v128.load32_splat(bias, 12);
  } else {
    a0 = v128.load(init), a1 = v128.load(init, 16);
    init += stride;
    b0 = v128.load(init), b1 = v128.load(init, 16);
    init += stride;
    c0 = v128.load(init), c1 = v128.load(init, 16);
    init += stride;
    d0 = v128.load(init), d1 = v128.load(init, 16);
  }
  for (const end = v + (<usize>k << 4); v < end; v += 16, x += stride) {
    const x0 = v128.load(x), x1 = v128.load(x, 16);
    const p = v128.load32_splat(v), q = v128.load32_splat(v, 4);
    const r = v128.load32_splat(v, 8), s = v128.load32_splat(v, 12);
    a0 = madd(p, x0, a0), a1 = madd(p, x1, a1);
    b0 = madd(q, x0, b0), b1 = madd(q, x1, b1);
    c0 = madd(r, x0, c0), c1 = madd(r, x1, c1);
    d0 = madd(s, x0, d0), d1 = madd(s, x1, d1);
  }
  for (const end = w + (<usize>l << 4); w < end; w += 16, h += stride) {
    const x0 = v128.load(h), x1 = v128.load(h, 16);
    const p = v128.load32_splat(w), q = v128.load32_splat(w, 4);
    const r = v128.load32_splat(w, 8), s = v128.load32_splat(w, 12);
    a0 = madd(p, x0, a0), a1 = madd(p, x1, a1);
    b0 = madd(q, x0, b0), b1 = madd(q, x1, b1);
    c0 = madd(r, x0, c0), c1 = madd(r, x1, c1);
    d0 = madd(s, x0, d0), d1 = madd(s, x1, d1);
  }
  v128.store(y, a0), v128.store(y, a1, 16);
  y += stride;
  v128.store(y, b0), v128.store(y, b1, 16);
  y += stride;
  v128.store(y, c0), v128.store(y, c1, 16);
  y += stride;
  v128.store(y, d0), v128.store(y, d1, 16);
}

/** The last four columns of an odd batch, and single streams. */
// @ts-ignore: decorator
@inline
function tile4(
  y: usize, bias: usize, init: usize, v: usize, x: usize, k: u32, w: usize, h: usize, l: u32, stride: usize,
): void {
  let a: v128, b: v128, c: v128, d: v128;
  if (bias) {
    a = v128.load32_splat(bias);
    b = v128.load32_splat(bias, 4);
    c = v128.load32_splat(bias, 8);
    d = v128.load32_splat(bias, 12);
  } else {
    a = v128.load(init);
    b = v128.load(init + stride);
    c = v128.load(init + 2 * stride);
    d = v128.load(init + 3 * stride);
  }
  for (const end = v + (<usize>k << 4); v < end; v += 16, x += stride) {
    const value = v128.load(x);
    a = madd(v128.load32_splat(v), value, a);
    b = madd(v128.load32_splat(v, 4), value, b);
    c = madd(v128.load32_splat(v, 8), value, c);
    d = madd(v128.load32_splat(v, 12), value, d);
  }
  for (const end = w + (<usize>l << 4); w < end; w += 16, h += stride) {
    const value = v128.load(h);
    a = madd(v128.load32_splat(w), value, a);
    b = madd(v128.load32_splat(w, 4), value, b);
    c = madd(v128.load32_splat(w, 8), value, c);
    d = madd(v128.load32_splat(w, 12), value, d);
  }
  v128.store(y, a);
  v128.store(y + stride, b);
  v128.store(y + 2 * stride, c);
  v128.store(y + 3 * stride, d);
}
