/**
 * LSTM, batch-minor (the equations: ../../layer/lstm.ts). Rows of z and of the gates are u·4 + gate, so the four gates
 * of a unit lie side by side. Blocks of F or U rows have their rows padded to a multiple of 4.
 *   x [T, F, B]   z [T, 4U, B] becomes the gates   c, phi = φ(c), h [T, U, B]
 *   V [U, F, 4]   W [U, U, 4]   bias [4U]
 */
import { madd, relu, settle, sigmoid, tanh } from './arithmetic';
import { product } from './product';

/** Bytes of [rows, batch], rows padded. */
// @ts-ignore: decorator
@inline
function blockBytes(rows: u32, batch: u32): usize {
  return <usize>(((rows + 3) & ~3) * batch) << 2;
}

/**
 * For running: nothing is kept but c (one step, in place) and h.
 * The steps of x and h are xStep and hStep bytes apart; x and h before the first step are zero where h0 is 0, else
 * h0 [U, B] with its cells in c. An input that is the same at every step (xStep 0) is multiplied once, into zx.
 */
export function lstmForward(
  x: usize, xStep: usize, features: u32, v: usize, w: usize, bias: usize,
  z: usize, zx: usize, c: usize, h0: usize, h: usize, hStep: usize, steps: u32, units: u32, batch: u32, rectified: bool,
): void {
  const once = xStep == 0 && steps > 1;
  if (once) product(zx, bias, 0, v, x, features, 0, 0, 0, units << 2, batch);
  let before = h0;
  for (let t: u32 = 0; t < steps; t++, x += xStep, h += hStep) {
    const recurrent = before ? units : 0;
    if (once) product(z, 0, zx, 0, 0, 0, w, before, recurrent, units << 2, batch);
    else product(z, bias, 0, v, x, features, w, before, recurrent, units << 2, batch);
    if (rectified) cell(z, c, h, units, batch, before == 0, true);
    else cell(z, c, h, units, batch, before == 0, false);
    before = h;
  }
}

// @ts-ignore: decorator
@inline
function cell(z: usize, c: usize, h: usize, units: u32, batch: u32, first: bool, rectified: bool): void {
  const stride = <usize>batch << 2;
  for (let u: u32 = 0; u < units; u++, z += stride << 2, c += stride, h += stride) {
    for (let at: usize = 0; at < stride; at += 16) {
      const row = z + at;
      const g = v128.load(row + 2 * stride);
      let next = f32x4.mul(sigmoid(v128.load(row)), rectified ? relu(g) : tanh(g));
      if (!first) next = settle(madd(sigmoid(v128.load(row + stride)), v128.load(c + at), next));
      v128.store(c + at, next);
      const out = sigmoid(v128.load(row + 3 * stride));
      v128.store(h + at, f32x4.mul(out, rectified ? relu(next) : tanh(next)));
    }
  }
}

/** For training: every step's gates (in z), c, phi and h are kept. */
export function lstmForwardKeeping(
  x: usize, xStep: usize, features: u32, v: usize, w: usize, bias: usize,
  z: usize, c: usize, phi: usize, h: usize, steps: u32, units: u32, batch: u32, rectified: bool,
): void {
  const block = blockBytes(units, batch), gates = (<usize>units * batch) << 4;
  for (let t: u32 = 0; t < steps; t++, x += xStep, z += gates, c += block, phi += block, h += block) {
    product(z, bias, 0, v, x, features, w, h - block, t ? units : 0, units << 2, batch);
    if (rectified) keepingCell(z, c, phi, h, block, units, batch, t == 0, true);
    else keepingCell(z, c, phi, h, block, units, batch, t == 0, false);
  }
}

// @ts-ignore: decorator
@inline
function keepingCell(
  z: usize, c: usize, phi: usize, h: usize, block: usize, units: u32, batch: u32, first: bool, rectified: bool,
): void {
  const stride = <usize>batch << 2;
  for (let u: u32 = 0; u < units; u++, z += stride << 2, c += stride, phi += stride, h += stride) {
    for (let at: usize = 0; at < stride; at += 16) {
      const row = z + at;
      const zg = v128.load(row + 2 * stride);
      const i = sigmoid(v128.load(row)), f = sigmoid(v128.load(row + stride));
      const g = rectified ? relu(zg) : tanh(zg), o = sigmoid(v128.load(row + 3 * stride));
      let next = f32x4.mul(i, g);
      if (!first) next = settle(madd(f, v128.load(c - block + at), next));
      const p = rectified ? relu(next) : tanh(next);
      v128.store(row, i);
      v128.store(row + stride, f);
      v128.store(row + 2 * stride, g);
      v128.store(row + 3 * stride, o);
      v128.store(c + at, next);
      v128.store(phi + at, p);
      v128.store(h + at, f32x4.mul(o, p));
    }
  }
}

/**
 * Backward: the gates become dz. dy [T, U, B] holds dL/dh of every step and takes what flows back through time;
 * dc [U, B] is scratch; wT is W transposed. The weights' gradients and dx follow from dz with outer and product.
 */
export function lstmBackward(
  z: usize, c: usize, phi: usize, dy: usize, dc: usize, wT: usize, steps: u32, units: u32, batch: u32, rectified: bool,
): void {
  const block = blockBytes(units, batch);
  memory.fill(dc, 0, block);
  for (let t = steps; t-- > 0; ) {
    const gates = z + ((<usize>t * units * batch) << 4), at = <usize>t * block;
    if (rectified) backwardCell(gates, c + at, phi + at, dy + at, dc, block, units, batch, t == 0, true);
    else backwardCell(gates, c + at, phi + at, dy + at, dc, block, units, batch, t == 0, false);
    if (t) product(dy + at - block, 0, dy + at - block, wT, gates, units << 2, 0, 0, 0, units, batch);
  }
}

// @ts-ignore: decorator
@inline
function backwardCell(
  z: usize, c: usize, phi: usize, dy: usize, dc: usize, block: usize, units: u32, batch: u32, first: bool, rectified: bool,
): void {
  const stride = <usize>batch << 2;
  const one = f32x4.splat(1), zero = f32x4.splat(0);
  for (let u: u32 = 0; u < units; u++, z += stride << 2, c += stride, phi += stride, dy += stride, dc += stride) {
    for (let at: usize = 0; at < stride; at += 16) {
      const row = z + at;
      const i = v128.load(row), f = v128.load(row + stride);
      const g = v128.load(row + 2 * stride), o = v128.load(row + 3 * stride);
      const p = v128.load(phi + at), dh = v128.load(dy + at);
      const before = first ? zero : v128.load(c - block + at);
      // φ' by φ: tanh 1 - y², relu 1 where y > 0
      const dphi = rectified ? v128.and(f32x4.gt(p, zero), one) : f32x4.sub(one, f32x4.mul(p, p));
      const dg = rectified ? v128.and(f32x4.gt(g, zero), one) : f32x4.sub(one, f32x4.mul(g, g));
      const d = madd(f32x4.mul(dh, o), dphi, v128.load(dc + at));
      v128.store(row, f32x4.mul(f32x4.mul(d, g), slope(i)));
      v128.store(row + stride, f32x4.mul(f32x4.mul(d, before), slope(f)));
      v128.store(row + 2 * stride, f32x4.mul(f32x4.mul(d, i), dg));
      v128.store(row + 3 * stride, f32x4.mul(f32x4.mul(dh, p), slope(o)));
      v128.store(dc + at, f32x4.mul(d, f));
    }
  }
}

/** σ' by σ: y·(1 - y) */
// @ts-ignore: decorator
@inline
function slope(y: v128): v128 {
  return f32x4.sub(y, f32x4.mul(y, y));
}
