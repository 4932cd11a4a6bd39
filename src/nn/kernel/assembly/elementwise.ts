/** Activations of Dense and SimpleRNN, masks, and Adam, over n floats (n a multiple of 4). */
import { madd, relu, sigmoid, tanh } from './arithmetic';

/** In the order of ../../activation.ts. */
const LINEAR: u32 = 0, RELU: u32 = 1, SIGMOID: u32 = 2;

/** y = φ(y) */
export function activate(y: usize, n: u32, activation: u32): void {
  if (activation == LINEAR) return;
  for (const end = y + (<usize>n << 2); y < end; y += 16) {
    const z = v128.load(y);
    v128.store(y, activation == RELU ? relu(z) : activation == SIGMOID ? sigmoid(z) : tanh(z));
  }
}

/** dy = dy·φ'(z), said by y = φ(z) */
export function activateBackward(dy: usize, y: usize, n: u32, activation: u32): void {
  if (activation == LINEAR) return;
  const one = f32x4.splat(1), zero = f32x4.splat(0);
  for (const end = dy + (<usize>n << 2); dy < end; dy += 16, y += 16) {
    const value = v128.load(y);
    const slope = activation == RELU
      ? v128.and(f32x4.gt(value, zero), one)
      : activation == SIGMOID
        ? f32x4.sub(value, f32x4.mul(value, value))
        : f32x4.sub(one, f32x4.mul(value, value));
    v128.store(dy, f32x4.mul(v128.load(dy), slope));
  }
}

/** y = x·mask: dropout, forward and backward. */
export function multiply(y: usize, x: usize, mask: usize, n: u32): void {
  for (const end = y + (<usize>n << 2); y < end; y += 16, x += 16, mask += 16) {
    v128.store(y, f32x4.mul(v128.load(x), v128.load(mask)));
  }
}

/** y += x·mask */
export function addMultiple(y: usize, x: usize, mask: usize, n: u32): void {
  for (const end = y + (<usize>n << 2); y < end; y += 16, x += 16, mask += 16) {
    v128.store(y, madd(v128.load(x), v128.load(mask), v128.load(y)));
  }
}

export function copy(to: usize, from: usize, bytes: usize): void {
  memory.copy(to, from, bytes);
}

export function clear(at: usize, bytes: usize): void {
  memory.fill(at, 0, bytes);
}

/** Kingma & Ba 2015 as in ../../optimizer.ts; `rate` holds the corrections of this step, the shares are 1 - β. */
export function adam(
  parameters: usize, gradients: usize, m: usize, v: usize, n: u32, rate: f32, share1: f32, share2: f32, epsilon: f32,
): void {
  const new1 = f32x4.splat(share1), new2 = f32x4.splat(share2);
  // Moments of weights without a gradient fade into subnormal numbers (see settle); these are lost in epsilon anyway.
  const tiny0 = f32x4.splat(1e-12), tiny1 = f32x4.splat(1e-25), tiny2 = f32x4.splat(1e-28);
  const step = f32x4.splat(-rate), small = f32x4.splat(epsilon);
  for (const end = parameters + (<usize>n << 2); parameters < end; ) {
    const gradient = f32x4.sub(f32x4.add(v128.load(gradients), tiny0), tiny0);
    const m0 = v128.load(m), v0 = v128.load(v);
    const m1 = f32x4.sub(f32x4.add(madd(new1, f32x4.sub(gradient, m0), m0), tiny1), tiny1);
    const v1 = f32x4.sub(f32x4.add(madd(new2, f32x4.sub(f32x4.mul(gradient, gradient), v0), v0), tiny2), tiny2);
    v128.store(m, m1);
    v128.store(v, v1);
    const change = f32x4.div(f32x4.mul(step, m1), f32x4.add(f32x4.sqrt(v1), small));
    v128.store(parameters, f32x4.add(v128.load(parameters), change));
    parameters += 16, gradients += 16, m += 16, v += 16;
  }
}
