/** Four floats at a time: the step of every product, and the functions of the cells. */

/** a·b + c: fused where the build may (relaxed SIMD), else two roundings. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** Sums of the four lanes of a, b, c and d. */
// @ts-ignore: decorator
@inline
export function laneSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/**
 * tanh(x) = x·P(x²)/Q(x²), minimax on |x| <= 8.06, where tanh is 1 but for the last bit: limits ∓, P and Q from the
 * highest power down. In memory because an engine builds a vector constant in three instructions, and loads it in one.
 */
const coefficients = memory.data<f32>([
  -8.0615, 8.0615,
  -5.9470859e-9, 7.0421597e-6, 0.0026789114, 0.126942456, 0.999998987,
  0.00019458693, 0.02277348936, 0.460272193, 1,
  0.5,
  1e-15,
  // Coarse: limits ±5.26, then P and Q.
  -5.2564, 5.2564,
  0.00063022895, 0.10085129, 0.999751985,
  0.0123837217, 0.433487833, 1,
]);

// @ts-ignore: decorator
@inline
function coefficient(i: usize): v128 {
  return v128.load32_splat(coefficients + (i << 2));
}

/** |error| <= 6e-7 everywhere. NaN stays NaN, so that a diverged training is seen. */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const v = f32x4.pmin(f32x4.pmax(x, coefficient(0)), coefficient(1));
  const u = f32x4.mul(v, v);
  let p = madd(coefficient(2), u, coefficient(3));
  let q = madd(coefficient(7), u, coefficient(8));
  p = madd(p, u, coefficient(4));
  q = madd(q, u, coefficient(9));
  p = madd(p, u, coefficient(5));
  q = madd(q, u, coefficient(10));
  p = madd(p, u, coefficient(6));
  return f32x4.div(f32x4.mul(v, p), q);
}

/** σ(x) = (1 + tanh(x/2)) / 2. |error| <= 4e-7 everywhere. */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const half = coefficient(11);
  return madd(half, tanh(f32x4.mul(x, half)), half);
}

/** |error| <= 6e-5 everywhere: enough beside products of seven and eight bits. */
// @ts-ignore: decorator
@inline
export function coarseTanh(x: v128): v128 {
  const v = f32x4.pmin(f32x4.pmax(x, coefficient(13)), coefficient(14));
  const u = f32x4.mul(v, v);
  let p = madd(coefficient(15), u, coefficient(16));
  let q = madd(coefficient(18), u, coefficient(19));
  p = madd(p, u, coefficient(17));
  q = madd(q, u, coefficient(20));
  return f32x4.div(f32x4.mul(v, p), q);
}

/** |error| <= 3e-5 everywhere. */
// @ts-ignore: decorator
@inline
export function coarseSigmoid(x: v128): v128 {
  const half = coefficient(11);
  return madd(half, coarseTanh(f32x4.mul(x, half)), half);
}

/**
 * x, but 0 below 1e-22. A cell that fades would end as a subnormal number, and those slow a processor down a hundred
 * times; an engine may not remove the addition.
 */
// @ts-ignore: decorator
@inline
export function settle(x: v128): v128 {
  const tiny = coefficient(12);
  return f32x4.sub(f32x4.add(x, tiny), tiny);
}

/** max(x, 0), and NaN for NaN. */
// @ts-ignore: decorator
@inline
export function relu(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0));
}
