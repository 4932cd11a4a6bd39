/** Effective settings: flag > environment > .env > guardian.yaml > default, and where each value comes from. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import { AppError } from '../errors.ts';
import { reasonOf, yamlReasonOf } from './reason.ts';
import { listSettings, type Settings, settingsSchema } from './schema.ts';

export type Origin = 'flag' | 'environment' | '.env' | 'file' | 'default';

export interface LoadOptions {
  /** Values from the command line by dotted path; undefined ones were not given. */
  flags?: Record<string, unknown>;
  /** Usually process.env. */
  env: Record<string, string | undefined>;
  /** Folder in which `.env` and `guardian.yaml` are looked for. */
  directory: string;
  /** An explicit configuration file, which then must exist. */
  file?: string;
}

export interface LoadedSettings {
  settings: Settings;
  origins: Record<string, Origin>;
  /** The configuration file that was read, if any. */
  file: string | null;
  /** The environment with what `.env` adds to it: the published mail settings stand there. */
  env: Record<string, string | undefined>;
}

/** The way back in where a provider is broken: a switch for a day, and no setting. */
export const LOCAL_LOGIN = 'GUARDIAN_LOCAL_LOGIN';

type Values = Map<string, { value: unknown; origin: Origin; where: string }>;

/** Levenshtein distance, for suggestions. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}

/** Purpose of a setting, and its default. */
function whatItMayBe(name: string): string {
  const all = '"guardian config" lists all settings.';
  const setting = listSettings().find(({ path: known }) => known === name);
  if (setting === undefined) return all;
  return `${setting.description} Its default is ${JSON.stringify(setting.default)}. ${all}`;
}

function refuseUnknown(name: string, where: string, known: string[]): never {
  const nearest = known.toSorted((a, b) => distance(name, a) - distance(name, b))[0];
  throw new AppError('unknown_setting', { name, where, nearest });
}

function readYaml(file: string, values: Values, known: string[]): void {
  let tree: unknown;
  try {
    tree = parseYaml(readFileSync(file, 'utf8'));
  } catch (cause) {
    const line = cause instanceof YAMLParseError ? (cause.linePos?.[0].line ?? 1) : 1;
    const reason = cause instanceof YAMLParseError ? yamlReasonOf(cause) : (cause as Error).message.split('\n')[0];
    throw new AppError('bad_config_file', { file, line, reason }, { cause });
  }
  const visit = (node: unknown, prefix: string): void => {
    if (known.includes(prefix)) {
      // `key:` with nothing behind it is not set.
      if (node !== null) values.set(prefix, { value: node, origin: 'file', where: file });
    } else if (node !== null && typeof node === 'object' && !Array.isArray(node)) {
      for (const [key, child] of Object.entries(node)) visit(child, prefix ? `${prefix}.${key}` : key);
    } else if (node !== null && known.some((name) => name.startsWith(`${prefix}.`))) {
      const reason = 'it is a section, its settings stand indented below it';
      const expected = whatItMayBe(prefix);
      throw new AppError('bad_setting', { name: prefix, value: String(node), where: file, reason, expected });
    } else if (node !== null || prefix.includes('.')) {
      refuseUnknown(prefix, file, known);
    }
  };
  visit(tree ?? {}, '');
}

function readEnvironment(env: Record<string, string | undefined>, origin: Origin, values: Values): void {
  const byName = new Map(listSettings().map((setting) => [setting.env, setting.path]));
  // The name that hosting gives it; of another database it is not for us.
  const { DATABASE_URL: url } = env;
  if (url && /^postgres(ql)?:/.test(url)) values.set('store.url', { value: url, origin, where: 'DATABASE_URL' });
  for (const [name, value] of Object.entries(env)) {
    // Compose files pass what is not set as empty.
    if (!name.startsWith('GUARDIAN_') || name === LOCAL_LOGIN || value === undefined || value === '') continue;
    const target = byName.get(name) ?? refuseUnknown(name, origin, [...byName.keys()]);
    values.set(target, { value, origin, where: name });
  }
}

/** Quotes the value that was given, also deep in a list, and its place. In a channel it may be a secret: not repeated. */
function findGiven(values: Values, place: readonly PropertyKey[]): { value: string; where: string } {
  const setting = place.slice(0, 2).join('.');
  const given = values.get(setting);
  if (!given) return { value: '', where: 'defaults' };
  const inside = place.slice(2);
  if (inside.length > 0 && setting === 'notifications.channels') return { value: '…', where: given.where };
  const value = inside.reduce((node, key) => (node as Record<PropertyKey, unknown> | undefined)?.[key], given.value);
  return { value: typeof value === 'object' ? '…' : String(value ?? ''), where: given.where };
}

/** Loads and checks all settings; a wrong one is an AppError that names the setting, where it stands and why. */
export function loadSettings({ flags = {}, env, directory, file }: LoadOptions): LoadedSettings {
  const values: Values = new Map();
  const known = listSettings().map((setting) => setting.path);
  const configFile = file ?? path.join(directory, 'guardian.yaml');
  const found = existsSync(configFile);
  if (file && !found) throw new AppError('file_not_found', { file });
  if (found) readYaml(configFile, values, known);
  const dotEnv = path.join(directory, '.env');
  const fromFile = existsSync(dotEnv) ? parseEnv(readFileSync(dotEnv, 'utf8')) : {};
  readEnvironment(fromFile, '.env', values);
  readEnvironment(env, 'environment', values);
  for (const [name, value] of Object.entries(flags)) {
    if (value !== undefined) values.set(name, { value, origin: 'flag', where: `--${name.split('.').at(-1)}` });
  }

  const tree: Record<string, unknown> = {};
  for (const [name, { value }] of values) {
    const [section, key] = name.split('.');
    if (key === undefined) tree[section] = value;
    else {
      tree[section] ??= {};
      (tree[section] as Record<string, unknown>)[key] = value;
    }
  }
  const result = settingsSchema.safeParse(tree);
  if (!result.success) {
    const issue = result.error.issues[0];
    const given = findGiven(values, issue.path);
    const expected = whatItMayBe(issue.path.join('.'));
    throw new AppError('bad_setting', { name: issue.path.join('.'), ...given, reason: reasonOf(issue), expected });
  }
  const settings = result.data;
  settings.data ||= path.join(env.XDG_DATA_HOME || path.join(homedir(), '.local', 'share'), 'home-iot-guardian');
  const origins = Object.fromEntries(known.map((name) => [name, values.get(name)?.origin ?? 'default'] as const));
  return { settings, origins, file: found ? configFile : null, env: { ...fromFile, ...env } };
}
