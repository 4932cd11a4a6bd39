/** Scaling for networks: mean 0 and deviation 1, but what hardly varies is not blown up. Row-major [N, F]. */
import { fitScaler, type Scaler } from '../../feature/scaler.ts';

/** Features are logarithms: less spread than this factor of e is none worth showing to a network. */
const LEAST_SPREAD = 0.25;
/** A single wild value must not drown the others. */
const CLIP = 8;

export function fitStandardizer(data: Float32Array, features: number): Scaler {
  const scaler = fitScaler('standard', data, features);
  return { ...scaler, scale: scaler.scale.map((scale) => Math.max(LEAST_SPREAD, scale)) };
}

/** In place. */
export function standardize(scaler: Scaler, data: Float32Array): void {
  const features = scaler.offset.length;
  for (let i = 0; i < data.length; i++) {
    const f = i % features;
    data[i] = Math.max(-CLIP, Math.min(CLIP, (data[i] - scaler.offset[f]) / scaler.scale[f]));
  }
}
