/**
 * Protocol `episodes`: is the attack noticed, how fast, and rightly named. Each test capture is watched from the same
 * past. Noticed: an alert that involves one of the attack's hosts begins between its onset and a minute after its end,
 * of any kind but a new device or destination. Named: its kind is acceptable. Alerts elsewhere are false.
 */
import { performance } from 'node:perf_hooks';
import type { Alert } from '../alert/alert.ts';
import type { JudgeOptions } from './judge/judge.ts';
import { createReplay, replayCapture } from './replay.ts';
import { type Frame, readFrames } from './traffic.ts';
import { readTruth, type Truth, truthOf } from './truth.ts';

export interface EpisodesOptions extends JudgeOptions {
  train: readonly string[];
  test: readonly string[];
  truth?: string;
}

export interface EpisodeResult {
  file: string;
  /** Null for a capture without an attack. */
  noticed: boolean | null;
  /** Whether any alert of the attack has an acceptable kind, and whether the first one has. */
  named: boolean | null;
  named_first: boolean | null;
  /** Kind of the first alert of the attack; `kinds` are those of all. */
  kind: string | null;
  kinds: string[];
  delay_seconds: number | null;
  false_alerts: number;
  alerts: { ts: number; raised_ts: number; kind: string; severity: string; hosts: string[]; sentence: string }[];
}

const GRACE = 60;
const NOT_NOTICING = new Set(['new-device', 'new-destination']);

export async function evaluateEpisodes(options: EpisodesOptions) {
  const started = performance.now();
  const truths = options.truth ? await readTruth(options.truth) : [];
  if (options.truth && !options.test.some((file) => truthOf(truths, file)))
    options.onNote?.(`${options.truth} names none of these captures: every alert in them is false.`);
  const training = await Promise.all(options.train.map(readFrames));
  const learner = createReplay({ without: options.without });
  const trainStart = performance.now();
  for (const frames of training) replayCapture(learner, frames);
  const model = JSON.stringify(learner.watch.engine.save());
  const trainSeconds = (performance.now() - trainStart) / 1000;
  const results: EpisodeResult[] = [];
  const cost = { train: trainSeconds, watch: 0, model: options.train.length > 0 ? model.length : 0 };
  let watched = 0;
  for (const file of options.test) {
    const frames = await readFrames(file);
    if (frames.length === 0) continue;
    const truth = truthOf(truths, file);
    const run = watchCapture(frames, model, options, truth);
    results.push(judgeAlerts(file, run.alerts, frames, truth));
    cost.train += run.trainSeconds;
    cost.watch += run.watchSeconds;
    cost.model = Math.max(cost.model, run.modelBytes);
    watched += run.watched;
    options.onProgress?.(results.length, options.test.length);
  }
  return {
    protocol: 'episodes',
    detector: 'guardian',
    without: [...options.without],
    files: results,
    summary: summarise(results),
    train_seconds: cost.train,
    packets_per_second: Math.round(watched / Math.max(cost.watch, 1e-9)),
    model_bytes: cost.model,
    seconds: (performance.now() - started) / 1000,
    peak_memory_mb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

interface Run {
  alerts: Alert[];
  /** Packets that were watched, and what it took. */
  watched: number;
  watchSeconds: number;
  /** Of what the capture itself has taught; 0 where it was watched from the past alone. */
  trainSeconds: number;
  modelBytes: number;
}

/** Watches one capture from the saved past. Without any training a capture teaches with what lies before its onset. */
function watchCapture(
  frames: readonly Frame[],
  model: string,
  options: EpisodesOptions,
  truth: Truth | undefined,
): Run {
  const replay = createReplay({ without: options.without });
  replay.watch.engine.load(JSON.parse(model));
  const onset = truth && options.train.length === 0 ? frames.findIndex(({ ts }) => ts >= truth.onset) : 0;
  const before = Math.max(0, onset);
  const started = performance.now();
  let modelBytes = 0;
  if (before > 0) {
    replayCapture(replay, frames.slice(0, before));
    replay.alerts.length = 0;
    modelBytes = JSON.stringify(replay.watch.engine.save()).length;
  }
  const learned = performance.now();
  replay.watch.engine.learning = false;
  replayCapture(replay, frames.slice(before));
  return {
    alerts: replay.alerts,
    watched: frames.length - before,
    watchSeconds: (performance.now() - learned) / 1000,
    trainSeconds: before > 0 ? (learned - started) / 1000 : 0,
    modelBytes,
  };
}

export function judgeAlerts(
  file: string,
  alerts: readonly Alert[],
  frames: readonly Frame[],
  truth?: Truth,
): EpisodeResult {
  const raised = (alert: Alert): number => alert.raised_ts ?? alert.ts;
  const ofAttack = (alert: Alert): boolean =>
    truth !== undefined &&
    raised(alert) >= truth.onset &&
    raised(alert) <= truth.end + GRACE &&
    (truth.hosts.size === 0 || (alert.hosts ?? []).some((host) => truth.hosts.has(host)));
  const own = alerts.filter(ofAttack).sort((a, b) => raised(a) - raised(b));
  const telling = own.filter(({ kind }) => !NOT_NOTICING.has(kind));
  const acceptable = ({ kind }: Alert): boolean => truth?.kinds.size === 0 || truth?.kinds.has(kind) === true;
  const first = telling[0];
  return {
    file,
    noticed: truth ? telling.length > 0 : null,
    named: truth ? telling.some(acceptable) : null,
    named_first: truth ? first !== undefined && acceptable(first) : null,
    kind: first?.kind ?? null,
    kinds: telling.map(({ kind }) => kind),
    delay_seconds: truth && first ? raised(first) - Math.max(truth.onset, frames[0].ts) : null,
    false_alerts: alerts.length - own.length,
    alerts: alerts.map(({ ts, raised_ts = ts, kind, severity, hosts = [], sentence }) => ({
      ...{ ts, raised_ts, kind, severity, hosts, sentence },
    })),
  };
}

function summarise(results: readonly EpisodeResult[]) {
  const attacks = results.filter(({ noticed }) => noticed !== null);
  const benign = results.filter(({ noticed }) => noticed === null);
  const delays = attacks
    .flatMap(({ delay_seconds }) => (delay_seconds === null ? [] : [delay_seconds]))
    .sort((a, b) => a - b);
  const at = (share: number): number | null => delays[Math.max(0, Math.ceil(delays.length * share) - 1)] ?? null;
  return {
    episodes: attacks.length,
    noticed: attacks.filter(({ noticed }) => noticed).length,
    named: attacks.filter(({ named }) => named).length,
    named_first: attacks.filter(({ named_first }) => named_first).length,
    median_delay_seconds: at(0.5),
    p95_delay_seconds: at(0.95),
    false_alerts_in_attacks: attacks.reduce((sum, { false_alerts }) => sum + false_alerts, 0),
    benign_files: benign.length,
    benign_alerts: benign.reduce((sum, { false_alerts }) => sum + false_alerts, 0),
  };
}
