/** Protocol `halves`: learn the benign flows of one half of a labelled log, score every judged flow of the other; swap. */

import { basename } from 'node:path';
import { performance } from 'node:perf_hooks';
import { computeMetrics } from '../detector/published/metrics.ts';
import { measureSeparation } from '../detector/published/roc.ts';
import { AppError } from '../errors.ts';
import type { Conn } from '../flow/conn.ts';
import { openSource } from '../source/open-source.ts';
import type { FlowJudge, JudgeOptions } from './judge/judge.ts';
import { judgedLabel, type Label, readUnjudged } from './labels.ts';
import { mean } from './mean.ts';

/** A log in time order, its labels apart from its records. */
export interface LabelledLog {
  file: string;
  conns: Conn[];
  labels: Label[];
}

export async function readLabelledLog(file: string): Promise<LabelledLog> {
  const unjudged = await readUnjudged(file);
  const rows: { conn: Conn; label: Label }[] = [];
  const source = await openSource(file);
  if (source.kind !== 'flows') {
    await source.close();
    const supported = 'logs of connections here; "guardian flows" makes one of a capture';
    throw new AppError('unsupported_type', { file, found: 'a capture', supported });
  }
  await source.read((conn) => {
    const label = judgedLabel(conn, unjudged);
    rows.push({ conn: { ...conn, label: null, detailed_label: null }, label });
  });
  rows.sort((a, b) => (a.conn.ts ?? 0) - (b.conn.ts ?? 0));
  return { file, conns: rows.map(({ conn }) => conn), labels: rows.map(({ label }) => label) };
}

export interface HalvesResult {
  file: string;
  judged: number;
  malicious: number;
  auc: number;
  auc_halves: number[];
  average_precision: number;
  tpr_at_fpr: Record<string, number>;
  /** Of what is called out: above the threshold, or part of an alarm. */
  at_threshold: { tpr: number; fpr: number } | null;
  train_seconds: number;
  score_seconds: number;
  flows_per_second: number;
  model_bytes: number;
}

/** The split is at the median time of the judged flows. */
export function splitTime({ conns, labels }: LabelledLog): number {
  const times = conns.filter((_, i) => labels[i] !== -1).map((conn) => conn.ts ?? 0);
  return times[times.length >> 1] ?? 0;
}

/** Scores of all flows, each by what was learned from the other half. */
export async function scoreHalves(log: LabelledLog, judge: FlowJudge, options: JudgeOptions) {
  const { conns, labels } = log;
  const middle = splitTime(log);
  const halfOf = (conn: Conn): number => ((conn.ts ?? 0) >= middle ? 1 : 0);
  const scores = new Float64Array(conns.length);
  const verdicts = new Uint8Array(conns.length);
  const cost = { train: 0, score: 0, model: 0 };
  let hasThreshold = true;
  for (const half of [0, 1]) {
    const indices = conns.map((_, i) => i).filter((i) => halfOf(conns[i]) === half);
    const training = conns
      .map((conn, i) => ({ conn, label: labels[i] }))
      .filter(({ conn, label }) => halfOf(conn) !== half && label !== 1)
      .map(({ conn, label }) => ({ conn, learn: label === 0 }));
    const watched = indices.map((i) => conns[i]);
    const result = await judge.judge(training, watched, options);
    indices.forEach((index, i) => {
      scores[index] = result.scores[i];
      const { alarmed, threshold } = result;
      if (alarmed ? alarmed[i] === 1 : threshold !== null && result.scores[i] > threshold) verdicts[index] = 1;
    });
    if (result.threshold === null && !result.alarmed) hasThreshold = false;
    cost.train += result.trainSeconds;
    cost.score += result.scoreSeconds;
    cost.model = Math.max(cost.model, result.modelBytes);
  }
  return { scores, verdicts: hasThreshold ? verdicts : null, cost, halves: conns.map(halfOf) };
}

export async function halvesOf(log: LabelledLog, judge: FlowJudge, options: JudgeOptions): Promise<HalvesResult> {
  const { labels } = log;
  const { scores, verdicts, cost, halves } = await scoreHalves(log, judge, options);
  const of = (half: number) => {
    const indices = labels.map((_, i) => i).filter((i) => halves[i] === half);
    return measureSeparation(
      indices.map((i) => scores[i]),
      indices.map((i) => labels[i]),
    ).auc;
  };
  const pooled = measureSeparation(scores, labels);
  const metrics = verdicts && computeMetrics(verdicts, labels);
  return {
    file: basename(log.file) === log.file ? log.file : log.file.split('/').slice(-3).join('/'),
    ...pooled,
    auc_halves: [of(0), of(1)],
    at_threshold: metrics && { tpr: metrics.recall, fpr: metrics.false_positive_rate },
    train_seconds: cost.train,
    score_seconds: cost.score,
    flows_per_second: Math.round(labels.length / Math.max(cost.score, 1e-9)),
    model_bytes: cost.model,
  };
}

/** Throws AppError labels_unfit where there is nothing to tell apart. */
function mustHaveBoth({ file, labels }: LabelledLog): void {
  for (const [label, called] of [
    [1, 'an attack'],
    [0, 'benign'],
  ] as const) {
    if (labels.includes(label)) continue;
    const expected =
      'How well attacks are told from benign connections is measured on a log that holds both, labelled.';
    throw new AppError('labels_unfit', { file, reason: `no connection is labelled as ${called}`, expected });
  }
}

export async function evaluateHalves(files: readonly string[], judge: FlowJudge, options: JudgeOptions) {
  const started = performance.now();
  const results: HalvesResult[] = [];
  for (const [i, file] of files.entries()) {
    const log = await readLabelledLog(file);
    // One quiet log of several has no figures of its own; without any attack there would be none at all.
    if (i === files.length - 1 && results.every(({ auc }) => Number.isNaN(auc))) mustHaveBoth(log);
    results.push(await halvesOf(log, judge, options));
    options.onProgress?.(results.length, files.length);
  }
  return {
    protocol: 'halves',
    detector: judge.name,
    without: [...options.without],
    files: results,
    macro: {
      auc: mean(results.map((result) => result.auc)),
      auc_halves: mean(results.flatMap((result) => result.auc_halves)),
      average_precision: mean(results.map((result) => result.average_precision)),
      tpr_at_fpr: {
        '0.01': mean(results.map((result) => result.tpr_at_fpr['0.01'])),
        '0.001': mean(results.map((result) => result.tpr_at_fpr['0.001'])),
      },
    },
    seconds: (performance.now() - started) / 1000,
    peak_memory_mb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}
