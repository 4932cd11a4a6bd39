/**
 * Tensors are flat, row-major typed arrays; shapes leave out the batch: [T, F] for sequences, [F] for vectors.
 * Letters in all of nn/: B batch, T time, F features in, U units.
 */

/** Single precision is what runs; double precision serves finite differences. */
export type Floats = Float32Array | Float64Array;

/** Dimensions without the batch. */
export type Shape = readonly number[];

/** Elements in one sample of this shape. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);

/** A zeroed array of the same precision as `like`. */
export const zerosLike = (like: Floats, length: number): Floats =>
  like instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);

/** Timesteps of a layer's input; a vector is one timestep. */
export const timeOf = (shape: Shape): number => (shape.length === 2 ? shape[0] : 1);

/** Features of a layer's input. */
export const featuresOf = (shape: Shape): number => shape[shape.length - 1];
