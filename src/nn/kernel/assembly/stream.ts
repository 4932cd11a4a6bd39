/**
 * One timestep for streams that come and go. Every stream has a slot of `slotBytes` that holds its state row-major;
 * many streams are gathered into batch-minor blocks, a few run alone, with the units in the vector.
 *   slots [B] numbers   block [R, B]   V [R/4, F, 4]   W [R/4, U, 4]   z [4U]   R padded to a multiple of 4
 */
import { madd, relu, settle, sigmoid, tanh } from './arithmetic';

/** Rows [offset, offset + rows) of every stream's state become columns of a block. */
export function gather(block: usize, states: usize, slots: usize, slotBytes: u32, rows: u32, batch: u32): void {
  const stride = <usize>batch << 2;
  for (let b: u32 = 0; b < batch; b += 4, slots += 16, block += 16) {
    let s0 = slot(states, slots, slotBytes, 0), s1 = slot(states, slots, slotBytes, 1);
    let s2 = slot(states, slots, slotBytes, 2), s3 = slot(states, slots, slotBytes, 3);
    let to = block;
    for (let r: u32 = 0; r < rows; r += 4, to += stride << 2, s0 += 16, s1 += 16, s2 += 16, s3 += 16) {
      transpose(v128.load(s0), v128.load(s1), v128.load(s2), v128.load(s3), to, to + stride, to + 2 * stride, to + 3 * stride);
    }
  }
}

/** The columns of a block go back to the streams' states. */
export function scatter(block: usize, states: usize, slots: usize, slotBytes: u32, rows: u32, batch: u32): void {
  const stride = <usize>batch << 2;
  for (let b: u32 = 0; b < batch; b += 4, slots += 16, block += 16) {
    let s0 = slot(states, slots, slotBytes, 0), s1 = slot(states, slots, slotBytes, 1);
    let s2 = slot(states, slots, slotBytes, 2), s3 = slot(states, slots, slotBytes, 3);
    let from = block;
    for (let r: u32 = 0; r < rows; r += 4, from += stride << 2, s0 += 16, s1 += 16, s2 += 16, s3 += 16) {
      transpose(v128.load(from), v128.load(from + stride), v128.load(from + 2 * stride), v128.load(from + 3 * stride), s0, s1, s2, s3);
    }
  }
}

// @ts-ignore: decorator
@inline
function slot(states: usize, slots: usize, slotBytes: u32, i: usize): usize {
  return states + <usize>load<u32>(slots + (i << 2)) * slotBytes;
}

// @ts-ignore: decorator
@inline
function transpose(a: v128, b: v128, c: v128, d: v128, to0: usize, to1: usize, to2: usize, to3: usize): void {
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to0, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
  v128.store(to1, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7));
  v128.store(to2, v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5));
  v128.store(to3, v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7));
}

/** y = bias + V·x + W·h for one stream: y [R], x [K], h [L]. Eight panels at a time hide the latency of the sums. */
export function productOne(
  y: usize, bias: usize, v: usize, x: usize, k: u32, w: usize, h: usize, l: u32, rows: u32,
): void {
  let panels = (rows + 3) >> 2;
  const vPanel = <usize>k << 4, wPanel = <usize>l << 4;
  for (; panels >= 8; panels -= 8, y += 128, bias += 128, v += vPanel << 3, w += wPanel << 3) {
    let a = v128.load(bias), b = v128.load(bias, 16), c = v128.load(bias, 32), d = v128.load(bias, 48);
    let e = v128.load(bias, 64), f = v128.load(bias, 80), g = v128.load(bias, 96), i = v128.load(bias, 112);
    for (let part = 0; part < 2; part++) {
      const panel = part ? wPanel : vPanel;
      let from = part ? h : x, p = part ? w : v;
      for (const end = p + panel; p < end; p += 16, from += 4) {
        const value = v128.load32_splat(from);
        const p4 = p + (panel << 2);
        a = madd(v128.load(p), value, a);
        b = madd(v128.load(p + panel), value, b);
        c = madd(v128.load(p + 2 * panel), value, c);
        d = madd(v128.load(p + 3 * panel), value, d);
        e = madd(v128.load(p4), value, e);
        f = madd(v128.load(p4 + panel), value, f);
        g = madd(v128.load(p4 + 2 * panel), value, g);
        i = madd(v128.load(p4 + 3 * panel), value, i);
      }
    }
    v128.store(y, a), v128.store(y, b, 16), v128.store(y, c, 32), v128.store(y, d, 48);
    v128.store(y, e, 64), v128.store(y, f, 80), v128.store(y, g, 96), v128.store(y, i, 112);
  }
  for (; panels > 0; panels--, y += 16, bias += 16, v += vPanel, w += wPanel) {
    let sum = v128.load(bias);
    for (let j: usize = 0; j < <usize>k; j++) sum = madd(v128.load(v + (j << 4)), v128.load32_splat(x + (j << 2)), sum);
    for (let j: usize = 0; j < <usize>l; j++) sum = madd(v128.load(w + (j << 4)), v128.load32_splat(h + (j << 2)), sum);
    v128.store(y, sum);
  }
}

/** An LSTM's timestep for one stream; h and c are its state and move on. */
export function lstmOne(
  x: usize, features: u32, v: usize, w: usize, bias: usize, z: usize, h: usize, c: usize, units: u32, rectified: bool,
): void {
  productOne(z, bias, v, x, features, w, h, units, units << 2);
  for (let u: u32 = 0; u < units; u += 4, z += 64, h += 16, c += 16) {
    // Four units of four gates become four gates of four units.
    transpose(v128.load(z), v128.load(z, 16), v128.load(z, 32), v128.load(z, 48), z, z + 16, z + 32, z + 48);
    const g = v128.load(z, 32);
    const kept = f32x4.mul(sigmoid(v128.load(z, 16)), v128.load(c));
    const next = settle(madd(sigmoid(v128.load(z)), rectified ? relu(g) : tanh(g), kept));
    v128.store(c, next);
    v128.store(h, f32x4.mul(sigmoid(v128.load(z, 48)), rectified ? relu(next) : tanh(next)));
  }
}
