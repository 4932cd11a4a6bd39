/**
 * From a score to a p-value: the empirical distribution of benign scores with a generalised Pareto tail beyond its
 * upper tenth, so that what is further out than anything seen still has an order and a probability.
 * Parameters by probability-weighted moments: Hosking & Wallis, Technometrics 29 (1987) 339.
 */

/** Share of the sample that the tail is fitted to, and the fewest points that make a fit. */
const TAIL_SHARE = 0.1;
const FEWEST = 10;
/** Shapes beyond this have no mean; below 0 the tail would end, and nothing be possible behind it. */
const MAXIMUM_SHAPE = 0.5;

export interface Tail {
  /** Sorted benign scores. */
  readonly sample: ArrayLike<number>;
  readonly threshold: number;
  /** Share of the sample above the threshold. */
  readonly share: number;
  readonly scale: number;
  readonly shape: number;
}

/** Fits a tail to benign scores, in any order. */
export function fitTail(scores: ArrayLike<number>): Tail {
  const sample = Float64Array.from(scores).sort();
  const n = sample.length;
  const k = Math.min(n, Math.max(FEWEST, Math.round(n * TAIL_SHARE)));
  const threshold = n > k ? sample[n - k - 1] : n > 0 ? sample[0] : 0;
  let [mean, weighted] = [0, 0];
  for (let i = 0; i < k; i++) {
    const excess = sample[n - k + i] - threshold;
    mean += excess / k;
    weighted += (excess * (k - i - 0.65)) / (k * k);
  }
  // A sample without spread has no tail to fit: any step beyond it is as far as its own size, or 1.
  const floor = Math.max(1e-3, 0.05 * Math.abs(threshold));
  const denominator = mean - 2 * weighted;
  const raw = k > 1 && denominator > 1e-12 ? 2 - mean / denominator : 0;
  const shape = Math.min(MAXIMUM_SHAPE, Math.max(0, raw));
  const scale = Math.max(floor, mean * (1 - shape));
  return { sample, threshold, share: n > 0 ? k / n : 1, scale, shape };
}

/** -ln p of a score in nats; p is the chance that a benign score is as high. 0 where there is no sample. */
export function tailSurprise(tail: Tail, score: number): number {
  const { sample, threshold, share, scale, shape } = tail;
  const n = sample.length;
  if (n === 0) return 0;
  if (score > threshold) {
    const z = (score - threshold) / scale;
    return (shape > 1e-6 ? Math.log1p(shape * z) / shape : z) - Math.log(share);
  }
  let [low, high] = [0, n];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sample[middle] < score) low = middle + 1;
    else high = middle;
  }
  return -Math.log((n - low + 1) / (n + 1));
}
