/**
 * Protocol `field`: captures that nobody here has seen, as an owner would scan them. Cold: each file without a past.
 * Homes: the files of a home to learn from, then each of its others from that state. The scan is the product's own.
 */
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Alert } from '../alert/alert.ts';
import { AppError } from '../errors.ts';
import type { LoadedBaseline } from '../model/baseline-model.ts';
import { type FlowModel, loadFlowModel } from '../model/flow-model.ts';
import { scanFile } from '../scan/scan-file.ts';
import { trainBaseline } from '../training/train-baseline.ts';
import { type FieldTruth, type Home, readFieldTruth, readHomes } from './field-truth.ts';
import type { JudgeOptions } from './judge/judge.ts';

export interface FieldAlert {
  raised_ts: number;
  kind: string;
  severity: string;
  hosts: string[];
  sentence: string;
}

export interface FieldResult {
  file: string;
  /** Of a file that is watched with a past. */
  home?: string;
  truth: 'attack' | 'benign';
  class?: string;
  /** Null for a benign file. */
  noticed: boolean | null;
  named: boolean | null;
  /** Null where the truth, or the alert, names nobody for it. */
  culprit_right: boolean | null;
  kind: string | null;
  delay_seconds: number | null;
  false_alerts: FieldAlert[];
  verdict: boolean;
  /** Why there is no verdict. */
  error?: string;
  alerts: FieldAlert[];
}

/** Clocks of who wrote the onset down and of the capture agree to a second. */
const EARLY = 1;
const NOT_NOTICING = new Set(['new-device', 'new-destination']);

export async function evaluateField(folder: string, options: JudgeOptions) {
  const started = performance.now();
  const [truths, homes] = await Promise.all([readFieldTruth(folder), readHomes(folder)]);
  const model = await loadFlowModel({ model: '', threshold: '', preset: 'guardian' });
  const of = truths.length + homes.reduce((sum, { watched }) => sum + watched.length, 0);
  const files: FieldResult[] = [];
  for (const truth of truths) {
    files.push(await watchFile(folder, truth, model, options));
    options.onProgress?.(files.length, of);
  }
  const withPast: FieldResult[] = [];
  for (const home of homes) {
    const past = await learn(folder, home, options.seed);
    for (const { file, isAttack } of home.watched) {
      const truth = truths.find((known) => known.file === file) ?? unknownTruth(file, isAttack);
      const result = await watchFile(folder, truth, { ...model, past }, options);
      withPast.push({ ...result, home: home.name });
      options.onProgress?.(files.length + withPast.length, of);
    }
  }
  return {
    protocol: 'field',
    detector: 'guardian',
    without: [...options.without],
    files: [...files, ...withPast],
    classes: byClass(files),
    summary: summarise(files, withPast),
    seconds: (performance.now() - started) / 1000,
    peak_memory_mb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

const unknownTruth = (file: string, isAttack: boolean): FieldTruth => ({
  ...{ file, isAttack, class: '', hosts: [], culprit: null, kinds: new Set<string>() },
  onset: Number.NEGATIVE_INFINITY,
});

/** The past of a home, as `guardian train` makes it. */
async function learn(folder: string, { train }: Home, seed: number): Promise<LoadedBaseline> {
  const { state, details } = await trainBaseline(
    train.map((file) => join(folder, file)),
    { detector: 'guardian', seed },
  );
  const text = JSON.stringify(state);
  const about = { format: 'home-iot-guardian past', version: 1, created: '1970-01-01T00:00:00Z', notes: '' } as const;
  return { manifest: { ...about, ...details, sha256: '', bytes: text.length }, text };
}

async function watchFile(
  folder: string,
  truth: FieldTruth,
  model: FlowModel,
  { without }: JudgeOptions,
): Promise<FieldResult> {
  try {
    const { alerts } = await scanFile(join(folder, truth.file), { model, without });
    return judgeField(truth, alerts);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...judgeField(truth, []), verdict: false, error: error.message };
  }
}

/** What the alerts of one file are worth, held against its truth. */
export function judgeField(truth: FieldTruth, alerts: readonly Alert[]): FieldResult {
  const { isAttack, onset, hosts, kinds, culprit } = truth;
  const raised = ({ raised_ts, ts }: Alert): number => raised_ts ?? ts;
  const telling = alerts.filter(({ kind }) => !NOT_NOTICING.has(kind)).sort((a, b) => raised(a) - raised(b));
  const ofAttack = (alert: Alert): boolean =>
    raised(alert) >= onset - EARLY &&
    (hosts.length === 0 || hosts.some((host) => alert.hosts?.includes(host) || alert.address === host));
  const own = isAttack ? telling.filter(ofAttack) : [];
  const acceptable = own.filter(({ kind }) => kinds.size === 0 || kinds.has(kind));
  const first = acceptable[0] ?? own[0];
  // Of somebody who speaks under the addresses of others only a link-layer address says who it is.
  const isNamed = culprit !== null && (first?.kind !== 'spoofing' || culprit.includes(':'));
  const blamed = first && isNamed ? blamedBy(first) : null;
  return {
    file: truth.file,
    truth: isAttack ? 'attack' : 'benign',
    ...(isAttack && { class: truth.class }),
    noticed: isAttack ? own.length > 0 : null,
    named: isAttack ? acceptable.length > 0 : null,
    culprit_right: blamed === null || culprit === null ? null : blamed.includes(culprit),
    kind: first?.kind ?? null,
    delay_seconds: first && Number.isFinite(onset) ? Math.max(0, raised(own[0]) - onset) : null,
    false_alerts: (isAttack ? [] : telling).map(brief),
    verdict: true,
    alerts: telling.map(brief),
  };
}

/** Whom an alert names for it; null where the device is the victim of many. */
function blamedBy({ kind, evidence, hosts = [], address }: Alert): string[] | null {
  const given = evidence as Record<string, unknown>;
  if (kind === 'spoofing' && typeof given.mac === 'string') return [given.mac, address];
  return given.callers === undefined ? [...hosts.slice(0, 1), address] : null;
}

const brief = ({ ts, raised_ts = ts, kind, severity, hosts = [], sentence }: Alert): FieldAlert => ({
  ...{ raised_ts, kind, severity, hosts, sentence },
});

const count = <T>(items: readonly T[], holds: (item: T) => unknown): number => items.filter(holds).length;

/** Each class of attacks: how many, noticed and named. */
function byClass(files: readonly FieldResult[]) {
  const table: Record<string, { attacks: number; noticed: number; named: number }> = {};
  for (const { class: name, noticed, named } of files) {
    if (name === undefined) continue;
    table[name] ??= { attacks: 0, noticed: 0, named: 0 };
    table[name].attacks++;
    if (noticed) table[name].noticed++;
    if (named) table[name].named++;
  }
  return table;
}

function summarise(files: readonly FieldResult[], withPast: readonly FieldResult[]) {
  const delays = files.flatMap(({ delay_seconds }) => delay_seconds ?? []).sort((a, b) => a - b);
  const at = (share: number): number | null => delays[Math.max(0, Math.ceil(delays.length * share) - 1)] ?? null;
  const falseAlerts = (results: readonly FieldResult[]): number =>
    results.reduce((sum, { false_alerts }) => sum + false_alerts.length, 0);
  return {
    attacks: count(files, ({ truth }) => truth === 'attack'),
    noticed: count(files, ({ noticed }) => noticed),
    named: count(files, ({ named }) => named),
    culprit_right: count(files, ({ culprit_right }) => culprit_right),
    culprit_wrong: count(files, ({ culprit_right }) => culprit_right === false),
    benign: count(files, ({ truth }) => truth === 'benign'),
    false_alerts: falseAlerts(files),
    files_with_false_alerts: count(files, ({ false_alerts }) => false_alerts.length > 0),
    no_verdict: count(files, ({ verdict }) => !verdict),
    homes: {
      scans: count(withPast, ({ truth }) => truth === 'benign'),
      false_alerts: falseAlerts(withPast),
      attacks: count(withPast, ({ truth }) => truth === 'attack'),
      noticed: count(withPast, ({ noticed }) => noticed),
      no_verdict: count(withPast, ({ verdict }) => !verdict),
    },
    median_delay_seconds: at(0.5),
    p95_delay_seconds: at(0.95),
  };
}
