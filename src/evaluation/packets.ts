/**
 * Protocol `packets`: every packet of the attack captures is scored by what was learned from benign ones. Where the
 * negatives come from: `--negatives`; else the benign captures themselves, each left out once (folds); always the
 * benign packets of the attack captures too. With `mix` the left-out capture is re-timed to run during the attack, and
 * both are scored as one stream.
 */
import { basename } from 'node:path';
import { performance } from 'node:perf_hooks';
import { measureSeparation } from '../detector/published/roc.ts';
import { AppError } from '../errors.ts';
import type { JudgeOptions, PacketJudge } from './judge/judge.ts';
import { type Label, readPacketLabels, stemOf } from './labels.ts';
import { type Frame, merge, readFrames, retime } from './traffic.ts';

export interface PacketsOptions extends JudgeOptions {
  train: readonly string[];
  test: readonly string[];
  negatives?: readonly string[];
  mix: boolean;
}

interface Capture {
  file: string;
  frames: Frame[];
  labels: Label[];
  /** Whether they come from a label file. */
  labelled: boolean;
}

/** The scored frames of one attack capture, in all folds together. */
interface Scored {
  scores: number[];
  labels: Label[];
}

const RATES = ['0.01', '0.001'] as const;

/** Packets without a label file are benign by origin in a benign capture, and of the attack in another. */
async function load(file: string, unlabelled: Label): Promise<Capture> {
  const frames = await readFrames(file);
  const labels = await readPacketLabels(file, frames.length);
  return { file, frames, labels: labels ?? frames.map(() => unlabelled), labelled: labels !== null };
}

/** Kind of attack, as the name of the capture says: the words before its number. */
export const kindOf = (file: string): string =>
  basename(stemOf(file))
    .replace(/_?(ref)?\d+$/, '')
    .replace(/_$/, '')
    .replace(/^dos_flood$/, 'flood');

export async function evaluatePackets(judge: PacketJudge, options: PacketsOptions) {
  const started = performance.now();
  const load0 = (files: readonly string[], label: Label) => Promise.all(files.map((file) => load(file, label)));
  const benign = (await load0(options.train, 0)).filter(({ frames }) => frames.length > 0);
  const attacks = await load0(options.test, 1);
  // A single capture cannot be left out of what is learned: the benign packets of the attack captures must do.
  const hasNegatives = !options.mix && attacks.some(({ labels }) => labels.includes(0));
  if (benign.length === 0 || (!options.negatives && benign.length === 1 && !hasNegatives)) {
    const expected = 'Each is left out once of what is learned: give two that hold packets at least, or --negatives.';
    throw new AppError('bad_option', { option: '--train', value: options.train.join(' '), expected });
  }
  const bare = attacks.filter(({ labelled }) => !labelled).map(({ file }) => basename(file));
  if (bare.length > 0) options.onNote?.(`No labels beside ${bare.join(', ')}: every packet there counts as malicious.`);
  const extra = options.negatives ? await load0(options.negatives, 0) : null;
  const perFile: Scored[] = attacks.map(() => ({ scores: [], labels: [] }));
  const negatives: number[] = [];
  let trainSeconds = 0;
  let scoreSeconds = 0;
  let packets = 0;
  let modelBytes = 0;
  // With negatives of their own there is one fold; else each benign capture is left out once.
  const folds = extra
    ? [{ training: benign, left: extra }]
    : benign.length === 1
      ? [{ training: benign, left: [] }]
      : benign.map((out) => ({ training: benign.filter((capture) => capture !== out), left: [out] }));
  for (const [fold, { training, left }] of folds.entries()) {
    const before = performance.now();
    const trained = await judge.train(
      training.map(({ frames }) => frames),
      options,
    );
    trainSeconds += (performance.now() - before) / 1000;
    modelBytes = Math.max(modelBytes, trained.modelBytes);
    const score = (frames: readonly Frame[]): Float64Array => {
      const from = performance.now();
      const scores = trained.score(frames);
      scoreSeconds += (performance.now() - from) / 1000;
      packets += frames.length;
      return scores;
    };
    if (!options.mix) for (const { frames, labels } of left) negatives.push(...benignScores(score(frames), labels));
    attacks.forEach((attack, i) => {
      for (const other of options.mix ? left : [null]) {
        const { frames, labels } = other ? mixed(attack, other) : attack;
        const scores = score(frames);
        labels.forEach((label, j) => {
          if (label === 0) negatives.push(scores[j]);
          else if (label === 1) {
            perFile[i].scores.push(scores[j]);
            perFile[i].labels.push(1);
          }
        });
      }
      options.onProgress?.(fold * attacks.length + i + 1, folds.length * attacks.length);
    });
  }
  const separate = (members: readonly Scored[]) => {
    const scores = [...negatives, ...members.flatMap((member) => member.scores)];
    const labels = [...negatives.map(() => 0), ...members.flatMap((member) => member.labels)];
    const { auc, tpr_at_fpr } = measureSeparation(scores, labels, RATES);
    return { auc, tpr_at_fpr };
  };
  const kinds = [...new Set(options.test.map(kindOf))];
  return {
    protocol: 'packets',
    detector: judge.name,
    mix: options.mix,
    without: [...options.without],
    folds: folds.length,
    negatives: negatives.length,
    files: attacks.map(({ file, labels, labelled }, i) => ({
      file,
      labelled,
      kind: kindOf(file),
      packets: labels.length,
      malicious: labels.filter((label) => label === 1).length,
      ...separate([perFile[i]]),
    })),
    kinds: Object.fromEntries(
      kinds.map((kind) => [kind, separate(perFile.filter((_, i) => kindOf(options.test[i]) === kind))]),
    ),
    pooled: separate(perFile),
    train_seconds: trainSeconds,
    packets_per_second: Math.round(packets / Math.max(scoreSeconds, 1e-9)),
    model_bytes: modelBytes,
    seconds: (performance.now() - started) / 1000,
    peak_memory_mb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

const benignScores = (scores: Float64Array, labels: readonly Label[]): number[] =>
  [...scores].filter((_, i) => labels[i] === 0);

/** The benign capture begins with the attack; labels stay with their frames. */
function mixed(attack: Capture, benign: Capture): { frames: Frame[]; labels: Label[] } {
  const start = attack.frames[0]?.ts ?? 0;
  const both = merge(
    attack.frames.map((frame, i) => ({ ...frame, label: attack.labels[i] })),
    retime(benign.frames, start).map((frame, i) => ({ ...frame, label: benign.labels[i] })),
  );
  return { frames: both, labels: both.map(({ label }) => label) };
}
