/**
 * Feature scaling, in scikit-learn's words. Every scaler is an affine map per feature: y = (x - offset) / scale.
 * Legend: N rows, F features; data is row-major [N, F].
 */

export type ScalerKind = 'standard' | 'minmax' | 'robust';

/** A fitted scaler: what a model file stores. */
export interface Scaler {
  readonly kind: ScalerKind;
  /** Subtracted, one value per feature. */
  readonly offset: number[];
  /** Divided by, one value per feature; never 0. */
  readonly scale: number[];
}

// As scikit-learn does: a constant feature is only shifted.
const orOne = (scale: number): number => (scale > 0 && Number.isFinite(scale) ? scale : 1);

function column(data: ArrayLike<number>, features: number, feature: number): Float64Array {
  const rows = data.length / features;
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) values[row] = data[row * features + feature];
  return values;
}

/** Value below which the fraction q of the sorted values lies, by linear interpolation (numpy's default). */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * q;
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}

/** Offset and scale of one feature's values. */
const measure: Record<ScalerKind, (values: Float64Array) => [offset: number, scale: number]> = {
  /** StandardScaler: mean and population standard deviation. */
  standard(values) {
    const n = values.length;
    let sum = 0;
    for (const value of values) sum += value;
    const mean = sum / n;
    let variance = 0;
    for (const value of values) variance += (value - mean) ** 2 / n;
    // scikit-learn's bound: a spread that rounding alone can make is a constant, and must not be blown up to 1.
    const rounding = n * Number.EPSILON * variance + (n * mean * Number.EPSILON) ** 2;
    return [mean, variance <= rounding ? 0 : Math.sqrt(variance)];
  },
  /** MinMaxScaler: onto 0..1. */
  minmax(values) {
    let low = Infinity;
    let high = -Infinity;
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return [low, high - low];
  },
  /** RobustScaler: median, and the MAD times 1.4826 (equal to the standard deviation for normal data). */
  robust(values) {
    const sorted = values.slice().sort();
    const median = quantile(sorted, 0.5);
    const deviations = sorted.map((value) => Math.abs(value - median)).sort();
    return [median, 1.4826 * quantile(deviations, 0.5)];
  },
};

/** Fits a scaler to data [N, F]; N must be at least 1. */
export function fitScaler(kind: ScalerKind, data: ArrayLike<number>, features: number): Scaler {
  const offset: number[] = [];
  const scale: number[] = [];
  for (let feature = 0; feature < features; feature++) {
    const [shift, spread] = measure[kind](column(data, features, feature));
    offset.push(shift);
    scale.push(orOne(spread));
  }
  return { kind, offset, scale };
}

/** Scales data [N, F] into a new array. */
export function transform(scaler: Scaler, data: ArrayLike<number>): Float32Array {
  const features = scaler.offset.length;
  const out = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const feature = i % features;
    out[i] = (data[i] - scaler.offset[feature]) / scaler.scale[feature];
  }
  return out;
}
