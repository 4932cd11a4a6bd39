/** The published threshold strategies: from the errors on benign training windows to the error that counts as anomalous. */
import { quantile } from '../../feature/scaler.ts';

export type ThresholdStrategy =
  | { readonly kind: 'mean-std'; readonly k: number }
  | { readonly kind: 'percentile'; readonly percent: number }
  | { readonly kind: 'fixed'; readonly value: number };

/** The four that the published `optimize_threshold` compares, and the 99th percentile. */
export const publishedStrategies: readonly ThresholdStrategy[] = [
  { kind: 'mean-std', k: 1 },
  { kind: 'mean-std', k: 2 },
  { kind: 'mean-std', k: 3 },
  { kind: 'percentile', percent: 95 },
  { kind: 'percentile', percent: 99 },
];

/** "mean + 3*std", "95th percentile", "fixed 0.14", as the published output names them. */
export function strategyName(strategy: ThresholdStrategy): string {
  if (strategy.kind === 'mean-std') return `mean + ${strategy.k}*std`;
  if (strategy.kind === 'percentile') return `${strategy.percent}th percentile`;
  return `fixed ${strategy.value}`;
}

/** The same as `parseStrategy` reads it: "mean+3std", "p95", "0.14". */
export function strategyOption(strategy: ThresholdStrategy): string {
  if (strategy.kind === 'mean-std') return `mean+${strategy.k}std`;
  return strategy.kind === 'percentile' ? `p${strategy.percent}` : String(strategy.value);
}

/** Threshold of a strategy; errors are those of benign training windows (population standard deviation, as numpy). */
export function computeThreshold(errors: ArrayLike<number>, strategy: ThresholdStrategy): number {
  if (strategy.kind === 'fixed') return strategy.value;
  if (strategy.kind === 'percentile') return quantile(Float64Array.from(errors).sort(), strategy.percent / 100);
  let mean = 0;
  for (let i = 0; i < errors.length; i++) mean += errors[i] / errors.length;
  let variance = 0;
  for (let i = 0; i < errors.length; i++) variance += (errors[i] - mean) ** 2 / errors.length;
  return mean + strategy.k * Math.sqrt(variance);
}

/** Reads "mean+3std", "p95" or a plain number; undefined where it is none of them. */
export function parseStrategy(text: string): ThresholdStrategy | undefined {
  const meanStd = /^mean\s*\+\s*(\d+(?:\.\d+)?)\s*\*?\s*std$/i.exec(text);
  if (meanStd) return { kind: 'mean-std', k: Number(meanStd[1]) };
  const percentile = /^p(\d+(?:\.\d+)?)$/i.exec(text);
  if (percentile && Number(percentile[1]) <= 100) return { kind: 'percentile', percent: Number(percentile[1]) };
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) && value > 0 ? { kind: 'fixed', value } : undefined;
}
