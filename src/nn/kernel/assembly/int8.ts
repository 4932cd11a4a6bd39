/**
 * LSTM with integer products, batch-minor (the numbers: ../../int8/int8-reference.ts).
 *   h [U, B] floats, smoothed → q [U/4, B, 4] bytes: four units of one column side by side, U padded with zeros
 *   weights [R/4, U/4, 4 rows, 4 units] bytes in [1, 127]: the integer + 64, since one side of the dot takes seven bits
 *   per column: scale [B] of q, and start [B] = -64·Σ q, which takes the 64 out again
 *   per row: scale [R], and start [R] = 127·Σ integers where q is shifted (relu cells), else 0
 */
import { coarseSigmoid, coarseTanh, madd, relu, settle } from './arithmetic';

/** Sums of four neighbouring products, added to c: a in [-128, 127], b in [0, 127]. */
// @ts-ignore: decorator
@inline
function dot(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_dot_i8x16_i7x16_add_s(a, b, c);
  const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(a), i16x8.extend_low_i8x16_s(b));
  const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(a), i16x8.extend_high_i8x16_s(b));
  const even = v128.shuffle<i32>(low, high, 0, 2, 4, 6), odd = v128.shuffle<i32>(low, high, 1, 3, 5, 7);
  return i32x4.add(c, i32x4.add(even, odd));
}

/** z [R, B] = init + rowScale · columnScale · (weights · q); init is a bias [R], or where that is 0, [R, B]. */
export function productInt8(
  z: usize, bias: usize, init: usize, q: usize, columnScale: usize, columnStart: usize,
  weights: usize, rowScale: usize, rowStart: usize, units: u32, rows: u32, batch: u32,
): void {
  const stride = <usize>batch << 2;
  const groups = (units + 3) >> 2;
  for (let r: u32 = 0; r < rows; r += 4) {
    let at: usize = 0;
    for (; at + 32 <= stride; at += 32) {
      tile8(z + at, bias, init + at, q + at, columnScale + at, columnStart + at, weights, rowScale, rowStart, groups, stride);
    }
    if (at < stride) {
      tile4(z + at, bias, init + at, q + at, columnScale + at, columnStart + at, weights, rowScale, rowStart, groups, stride);
    }
    z += stride << 2, init += stride << 2;
    if (bias) bias += 16;
    rowScale += 16, rowStart += 16, weights += <usize>groups << 4;
  }
}

// @ts-ignore: decorator
@inline
function tile8(
  z: usize, bias: usize, init: usize, q: usize, columnScale: usize, columnStart: usize,
  w: usize, rowScale: usize, rowStart: usize, groups: u32, stride: usize,
): void {
  const start0 = v128.load(columnStart), start1 = v128.load(columnStart, 16);
  const startA = v128.load32_splat(rowStart), startB = v128.load32_splat(rowStart, 4);
  const startC = v128.load32_splat(rowStart, 8), startD = v128.load32_splat(rowStart, 12);
  let a0 = i32x4.add(start0, startA), a1 = i32x4.add(start1, startA);
  let b0 = i32x4.add(start0, startB), b1 = i32x4.add(start1, startB);
  let c0 = i32x4.add(start0, startC), c1 = i32x4.add(start1, startC);
  let d0 = i32x4.add(start0, startD), d1 = i32x4.add(start1, startD);
  for (const end = w + (<usize>groups << 4); w < end; w += 16, q += stride) {
    const q0 = v128.load(q), q1 = v128.load(q, 16);
    const a = v128.load32_splat(w), b = v128.load32_splat(w, 4), c = v128.load32_splat(w, 8), d = v128.load32_splat(w, 12);
    a0 = dot(q0, a, a0), a1 = dot(q1, a, a1);
    b0 = dot(q0, b, b0), b1 = dot(q1, b, b1);
    c0 = dot(q0, c, c0), c1 = dot(q1, c, c1);
    d0 = dot(q0, d, d0), d1 = dot(q1, d, d1);
  }
  const scale0 = v128.load(columnScale), scale1 = v128.load(columnScale, 16);
  const scaleA = v128.load32_splat(rowScale), scaleB = v128.load32_splat(rowScale, 4);
  const scaleC = v128.load32_splat(rowScale, 8), scaleD = v128.load32_splat(rowScale, 12);
  put(z, bias, init, a0, scaleA, scale0), put(z + 16, bias, init + 16, a1, scaleA, scale1);
  z += stride, init += stride;
  put(z, next(bias, 4), init, b0, scaleB, scale0), put(z + 16, next(bias, 4), init + 16, b1, scaleB, scale1);
  z += stride, init += stride;
  put(z, next(bias, 8), init, c0, scaleC, scale0), put(z + 16, next(bias, 8), init + 16, c1, scaleC, scale1);
  z += stride, init += stride;
  put(z, next(bias, 12), init, d0, scaleD, scale0), put(z + 16, next(bias, 12), init + 16, d1, scaleD, scale1);
}

// @ts-ignore: decorator
@inline
function tile4(
  z: usize, bias: usize, init: usize, q: usize, columnScale: usize, columnStart: usize,
  w: usize, rowScale: usize, rowStart: usize, groups: u32, stride: usize,
): void {
  const start = v128.load(columnStart);
  let a = i32x4.add(start, v128.load32_splat(rowStart)), b = i32x4.add(start, v128.load32_splat(rowStart, 4));
  let c = i32x4.add(start, v128.load32_splat(rowStart, 8)), d = i32x4.add(start, v128.load32_splat(rowStart, 12));
  for (const end = w + (<usize>groups << 4); w < end; w += 16, q += stride) {
    const value = v128.load(q);
    a = dot(value, v128.load32_splat(w), a);
    b = dot(value, v128.load32_splat(w, 4), b);
    c = dot(value, v128.load32_splat(w, 8), c);
    d = dot(value, v128.load32_splat(w, 12), d);
  }
  const scale = v128.load(columnScale);
  put(z, bias, init, a, v128.load32_splat(rowScale), scale);
  z += stride, init += stride;
  put(z, next(bias, 4), init, b, v128.load32_splat(rowScale, 4), scale);
  z += stride, init += stride;
  put(z, next(bias, 8), init, c, v128.load32_splat(rowScale, 8), scale);
  z += stride, init += stride;
  put(z, next(bias, 12), init, d, v128.load32_splat(rowScale, 12), scale);
}

/** The bias some bytes on, or none. */
// @ts-ignore: decorator
@inline
function next(bias: usize, bytes: usize): usize {
  return bias ? bias + bytes : 0;
}

// @ts-ignore: decorator
@inline
function put(z: usize, bias: usize, init: usize, sum: v128, rowScale: v128, columnScale: v128): void {
  const before = bias ? v128.load32_splat(bias) : v128.load(init);
  v128.store(z, madd(f32x4.mul(f32x4.convert_i32x4_s(sum), columnScale), rowScale, before));
}

/** 1.5·2²³: a float of up to 22 bits added to it leaves its nearest integer in the low bits. */
const rounder: f32 = 12582912;

/**
 * The cells of one timestep from z [4U, B]: c in place, h smoothed (times rate [U]) into h [U, B], and h quantized.
 * Column by column, so that the largest value of a column is known as soon as its last unit is done.
 */
export function cellInt8(
  z: usize, c: usize, h: usize, rate: usize, q: usize, columnScale: usize, columnStart: usize,
  units: u32, batch: u32, first: bool, rectified: bool,
): void {
  for (let at: usize = 0; at < <usize>batch << 2; at += 16) {
    const stride = <usize>batch << 2;
    const largest = rectified
      ? cells(z + at, c + at, h + at, rate, stride, units, first, true)
      : cells(z + at, c + at, h + at, rate, stride, units, first, false);
    quantizeColumns(h + at, q + at, columnScale + at, columnStart + at, largest, stride, units, rectified);
  }
}

/** Four columns; returns the largest |h| of each. */
// @ts-ignore: decorator
@inline
function cells(z: usize, c: usize, h: usize, rate: usize, stride: usize, units: u32, first: bool, rectified: bool): v128 {
  let largest = f32x4.splat(1e-30);
  for (let u: u32 = 0; u < units; u++, z += stride << 2, c += stride, h += stride, rate += 4) {
    const g = v128.load(z + 2 * stride);
    let next = f32x4.mul(coarseSigmoid(v128.load(z)), rectified ? relu(g) : coarseTanh(g));
    if (!first) next = settle(madd(coarseSigmoid(v128.load(z + stride)), v128.load(c), next));
    v128.store(c, next);
    const out = f32x4.mul(coarseSigmoid(v128.load(z + 3 * stride)), rectified ? relu(next) : coarseTanh(next));
    const smoothed = f32x4.mul(out, v128.load32_splat(rate));
    v128.store(h, smoothed);
    largest = f32x4.pmax(largest, rectified ? smoothed : f32x4.abs(smoothed));
  }
  return largest;
}

// @ts-ignore: decorator
@inline
function quantizeColumns(
  h: usize, q: usize, columnScale: usize, columnStart: usize, largest: v128, stride: usize, units: u32, shifted: bool,
): void {
  const steps = f32x4.splat(shifted ? 254 : 127);
  const inverse = f32x4.div(steps, largest);
  // The shift of relu cells goes into the rounder.
  const zero = f32x4.splat(shifted ? rounder - 127 : rounder);
  const byte = i32x4.splat(0xff), ones = i8x16.splat(1);
  v128.store(columnScale, f32x4.div(largest, steps));
  let sum = i32x4.splat(0);
  for (let u: u32 = 0; u < units; u += 4, h += stride << 2, q += stride) {
    const a = madd(v128.load(h), inverse, zero);
    const b = madd(v128.load(h + stride), inverse, zero);
    const c = madd(v128.load(h + 2 * stride), inverse, zero);
    const d = madd(v128.load(h + 3 * stride), inverse, zero);
    const ab = v128.or(v128.and(a, byte), i32x4.shl(v128.and(b, byte), 8));
    const cd = v128.or(i32x4.shl(v128.and(c, byte), 16), i32x4.shl(d, 24));
    const bytes = v128.or(ab, cd);
    v128.store(q, bytes);
    sum = dot(bytes, ones, sum);
  }
  v128.store(columnStart, i32x4.neg(i32x4.shl(sum, 6)));
}
