/** The published `optimize_threshold` for a model that exists: what each of its thresholds finds in labelled files. */

import { createPublishedFlowScan } from '../detector/published/flow-scan.ts';
import { computeMetrics } from '../detector/published/metrics.ts';
import { strategyName } from '../detector/published/threshold.ts';
import { ownerOf } from '../device/owner.ts';
import { AppError } from '../errors.ts';
import { loadFlowModel } from '../model/flow-model.ts';
import { openSource } from '../source/open-source.ts';
import { namesDevices, readConns } from '../source/read-conns.ts';
import type { StrategyResult } from './train-flow.ts';

/** "mean + 2*std" is the second, "95th percentile" the 95th; fixed ones come last. */
const rank = (strategy: string): number =>
  strategy.startsWith('fixed') ? Number.POSITIVE_INFINITY : Number(/\d+(\.\d+)?/.exec(strategy)![0]);

/** In the published order: k = 1, 2, 3, then the percentiles. */
export const inPublishedOrder = (strategies: readonly StrategyResult[]): StrategyResult[] =>
  strategies.toSorted((a, b) => rank(a.strategy) - rank(b.strategy));

/**
 * Metrics are null where the files have no labels of both kinds, or there is no file. Throws AppError as loadFlowModel,
 * and model_unfit for a past.
 */
export async function compareThresholds(
  directory: string,
  files: readonly string[],
): Promise<{ strategies: StrategyResult[]; inForce: string }> {
  const { manifest, reconstruct, timesteps, past } = await loadFlowModel({
    ...{ model: directory, threshold: '', preset: 'guardian' },
  });
  if (past) {
    const reason = 'what was learned of a network alarms by a budget and not by a threshold; its card compares some';
    throw new AppError('model_unfit', { directory, reason });
  }
  const errors: number[] = [];
  const labels: number[] = [];
  for (const file of files) {
    const scan = createPublishedFlowScan(timesteps);
    const source = await openSource(file, {});
    const perDevice = namesDevices(source);
    await readConns(source, (conn) => scan.push(conn, (perDevice ? ownerOf(conn) : null) ?? file), {
      ignoreChecksums: 'auto',
    });
    for (const { error, label } of scan.score(reconstruct)) {
      errors.push(error);
      labels.push(label);
    }
  }
  const labelled = labels.includes(1) && labels.includes(0);
  const strategies = [manifest.threshold, ...manifest.alternatives].map(({ strategy, value }) => ({
    strategy: strategyName(strategy),
    threshold: value,
    metrics: labelled
      ? computeMetrics(
          errors.map((error) => (error > value ? 1 : 0)),
          labels,
        )
      : null,
  }));
  return { strategies: inPublishedOrder(strategies), inForce: strategies[0].strategy };
}
