import { describe, expect, it } from 'vitest';
import { loadKernelModule } from '../../model/kernel.ts';
import { activations, sigmoid } from '../activation.ts';
import { createArena } from './arena.ts';
import { instantiate } from './exports.ts';

const exact = { linear: (z: number) => z, relu: (z: number) => Math.max(z, 0), sigmoid, tanh: Math.tanh };
/** The bounds that assembly/arithmetic.ts states. */
const bounds = { linear: 0, relu: 0, sigmoid: 4e-7, tanh: 6e-7 };

describe.each(['relaxed', 'plain'] as const)('activations of the %s build', (build) => {
  const count = 1 << 18;
  const arena = createArena();
  const at = arena.floats(count);
  const memory = arena.createMemory();
  const kernels = instantiate(loadKernelModule(build), memory);
  const y = new Float32Array(memory.buffer, at, count);

  it.each(activations)('%s stays within its bound', (name) => {
    // Dense around the bends, then sparse out to where everything is saturated.
    const z = (i: number) => Math.fround(i % 8 === 0 ? (i - count / 2) / 100 : (24 * i) / count - 12);
    for (let i = 0; i < count; i++) y[i] = z(i);
    kernels.activate(at, count, activations.indexOf(name));
    let worst = 0;
    for (let i = 0; i < count; i++) worst = Math.max(worst, Math.abs(y[i] - exact[name](z(i))));
    expect(worst).toBeLessThanOrEqual(bounds[name]);
  });

  it.each(activations)('%s keeps NaN and takes infinities', (name) => {
    y.set([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0]);
    kernels.activate(at, 4, activations.indexOf(name));
    expect(y[0]).toBeNaN();
    expect(Math.abs(y[1] - exact[name](Number.POSITIVE_INFINITY)) <= 1e-6 || y[1] === Number.POSITIVE_INFINITY).toBe(
      true,
    );
    if (name !== 'linear') expect(Math.abs(y[2] - exact[name](Number.NEGATIVE_INFINITY))).toBeLessThan(1e-6);
  });
});

describe.each(['relaxed', 'plain'] as const)('fading numbers of the %s build', (build) => {
  const arena = createArena();
  const [x, v, w, bias, z, h, c] = [4, 16, 64, 16, 16, 4, 4].map((count) => arena.floats(count));
  const memory = arena.createMemory();
  const kernels = instantiate(loadKernelModule(build), memory);
  const floats = new Float32Array(memory.buffer);

  it('end as zero, not as subnormal numbers', () => {
    const faded = [1e-23, 1e-30, 1e-40, 2e-3];
    floats.set(faded, c / 4);
    kernels.lstmOne(x, 1, v, w, bias, z, h, c, 4, false); // all weights 0: the forget gates are one half
    expect([...floats.subarray(c / 4, c / 4 + 3)]).toEqual([0, 0, 0]);
    expect(floats[c / 4 + 3]).toBeCloseTo(1e-3, 8);

    floats.set([1e-30, 1e-40, 1e-20, 0], x / 4); // gradients
    floats.set([1e-38, 0, 1e-39, 0], h / 4); // moments
    kernels.adam(z, x, h, c, 4, 1e-3, 0.1, 1e-3, 1e-7);
    expect([...floats.subarray(h / 4, h / 4 + 4)]).toEqual([0, 0, 0, 0]);
  });
});

describe.each(['relaxed', 'plain'] as const)('the coarse functions of the int8 cells, %s build', (build) => {
  const units = 1024;
  const arena = createArena();
  const [z, c, h, rate, q] = [16, 4, 4, 1, 1].map((count) => arena.floats(count * units));
  const [scale, start] = [arena.floats(4), arena.floats(4)];
  const memory = arena.createMemory();
  const kernels = instantiate(loadKernelModule(build), memory);
  const floats = new Float32Array(memory.buffer);

  it('stay within their bounds', () => {
    // Of the first step's h = σ(z_o)·tanh(σ(z_i)·tanh(z_g)), three functions are held at 1 or so in turn.
    const value = (n: number) => (20 * n) / (4 * units) - 10;
    floats.fill(1, rate / 4, rate / 4 + units);
    const run = (of: (n: number) => [i: number, g: number, o: number]) => {
      for (let n = 0; n < 4 * units; n++) {
        const [i, g, o] = of(n);
        const row = z / 4 + Math.floor(n / 4) * 16 + (n % 4);
        floats[row] = i;
        floats[row + 8] = g;
        floats[row + 12] = o;
      }
      kernels.cellInt8(z, c, h, rate, q, scale, start, units, 4, true, false);
      let [cellError, error] = [0, 0];
      for (let n = 0; n < 4 * units; n++) {
        const [i, g, o] = of(n);
        const cell = sigmoid(i) * Math.tanh(g);
        cellError = Math.max(cellError, Math.abs(floats[c / 4 + n] - cell));
        error = Math.max(error, Math.abs(floats[h / 4 + n] - sigmoid(o) * Math.tanh(cell)));
      }
      return { cellError, error };
    };
    expect(run((n) => [100, value(n), 100]).cellError).toBeLessThan(6e-5 + 3e-5);
    expect(run((n) => [value(n), 100, 100]).cellError).toBeLessThan(6e-5 + 3e-5);
    expect(run((n) => [0, value(n), value(n)]).error).toBeLessThan(6e-5 + 3e-5 + 6e-5 + 3e-5);
  });
});
