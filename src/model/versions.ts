/**
 * Versions of a model side by side: `v1`, `v2`, … in one folder, with a file `current` that names the one in service
 * and a file `shadow` that names the one on trial. A version on trial judges the same traffic and tells nobody; it
 * takes over when it has watched long enough and was no noisier.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../errors.ts';

/** Hours of traffic that a version is on trial. */
export const TRIAL_HOURS = 72;
const WEEK_HOURS = 168;

/** Alerts of both versions while one was on trial. */
export interface Trial {
  /** Of traffic. */
  hours: number;
  /** Alerts that the version on trial would have raised, and those of the one in service. */
  alerts: number;
  current: number;
  /** Which times of traffic that was, in order and apart; seconds since 1970. Trials from before have none. */
  spans?: readonly Span[];
}

type Span = readonly [from: number, to: number];

/** Alerts of both versions over one capture. */
export interface TrialCapture {
  /** Times of its first and last record, seconds since 1970. */
  from: number;
  to: number;
  alerts: number;
  current: number;
}

export interface Versions {
  /** Oldest first. */
  names: string[];
  current: string;
  shadow: string | null;
}

const NAME = /^v[1-9]\d{0,5}$/;
const numberOf = (name: string): number => Number(name.slice(1));

function readName(directory: string, file: string): string | null {
  const at = path.join(directory, file);
  const name = existsSync(at) ? readFileSync(at, 'utf8').trim() : '';
  return NAME.test(name) ? name : null;
}

/** Null where the folder has no versions. */
export function readVersions(directory: string): Versions | null {
  const current = readName(directory, 'current');
  if (current === null) return null;
  const names = readdirSync(directory).filter((name) => NAME.test(name));
  return { names: names.sort((a, b) => numberOf(a) - numberOf(b)), current, shadow: readName(directory, 'shadow') };
}

/** Folder of the version in service; the folder itself where it has no versions. */
export const currentVersion = (directory: string): string =>
  path.join(directory, readVersions(directory)?.current ?? '');

async function write(directory: string, file: string, text: string): Promise<void> {
  const at = path.join(directory, file);
  try {
    await mkdir(directory, { recursive: true });
    await writeFile(`${at}.new`, text, { flush: true });
    await rename(`${at}.new`, at);
  } catch (cause) {
    throw new AppError('model_not_writable', { directory, reason: (cause as Error).message }, { cause });
  }
}

/** Folder for the next version; `commit` once it is whole: the first one is in service at once, others are on trial. */
export function nextVersion(directory: string): { folder: string; name: string; commit: () => Promise<void> } {
  const versions = readVersions(directory);
  const name = `v${versions ? Math.max(...versions.names.map(numberOf)) + 1 : 1}`;
  const commit = () => write(directory, versions ? 'shadow' : 'current', `${name}\n`);
  return { folder: path.join(directory, name), name, commit };
}

/** Puts a version into service, back or forth, and ends a trial. Throws AppError model_not_found. */
export async function switchVersion(directory: string, name: string): Promise<void> {
  const versions = readVersions(directory);
  if (!versions?.names.includes(name)) throw new AppError('model_not_found', { directory: path.join(directory, name) });
  await write(directory, 'current', `${name}\n`);
  await rm(path.join(directory, 'shadow'), { force: true });
}

const trialFile = (directory: string, name: string): string => path.join(directory, name, 'trial.json');

export function readTrial(directory: string, name: string): Trial {
  const file = trialFile(directory, name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Trial) : { hours: 0, alerts: 0, current: 0 };
}

/** Seconds of a time that no span holds yet, and the spans with it. */
function join(spans: readonly Span[], [from, to]: Span): { fresh: number; joined: Span[] } {
  const touches = ([begin, end]: Span): boolean => begin <= to && end >= from;
  const own = spans.filter(touches);
  const whole: Span = [Math.min(from, ...own.map(([begin]) => begin)), Math.max(to, ...own.map(([, end]) => end))];
  const known = own.reduce((sum, [begin, end]) => sum + Math.min(end, to) - Math.max(begin, from), 0);
  const joined = [...spans.filter((span) => !touches(span)), whole].sort(([a], [b]) => a - b);
  return { fresh: to - from - known, joined };
}

/**
 * Adds a capture to the trial. An hour counts once, however often it is scanned: of a capture the time that was not
 * seen yet, and its alerts where that is more than half of it. When it is over, the version takes over if it raised no more alerts than the one in service or
 * than one a week. Otherwise it stays on trial. True where it took over.
 */
export async function recordTrial(directory: string, seen: TrialCapture): Promise<boolean> {
  const name = readVersions(directory)?.shadow;
  if (!name) return false;
  const before = readTrial(directory, name);
  const { from } = seen;
  // Without a single record that has a time there is nothing to count.
  if (!Number.isFinite(from)) return false;
  const to = Math.max(from, seen.to);
  const { fresh, joined } = join(before.spans ?? [], [from, to]);
  const isNew = 2 * fresh > to - from;
  const trial: Trial = {
    hours: before.hours + fresh / 3600,
    alerts: before.alerts + (isNew ? seen.alerts : 0),
    current: before.current + (isNew ? seen.current : 0),
    spans: joined,
  };
  await write(path.join(directory, name), 'trial.json', `${JSON.stringify(trial)}\n`);
  const allowed = Math.max(trial.current, Math.ceil(trial.hours / WEEK_HOURS));
  if (trial.hours < TRIAL_HOURS || trial.alerts > allowed) return false;
  await switchVersion(directory, name);
  return true;
}
