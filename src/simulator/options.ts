/** What a simulated home is made of, from typed options or from the command line's text. */
import type { z } from 'zod';
import { AppError } from '../errors.ts';
import { anyAttackKinds, type attackKinds } from './attack/index.ts';
import { deviceKinds } from './device/index.ts';

/** One attack: its kind and any of the options of that kind. */
export type AttackOptions = {
  [K in (typeof attackKinds)[number] as K['kind']]: { kind: K['kind'] } & z.input<K['options']>;
}[(typeof attackKinds)[number]['kind']];

export interface SimulateOptions {
  /** How many devices, or which kinds. */
  devices: number | readonly string[];
  hours: number;
  attacks?: readonly AttackOptions[];
  seed?: number;
  /** Seconds since 1970; by default a Monday at 17:00 UTC, when a house comes to life. */
  start?: number;
  /** Factor on the size of videos, downloads and updates, 1 being natural. */
  bulk?: number;
}

export const DEFAULT_START = Date.UTC(2026, 2, 2, 17) / 1000;
export const DEFAULT_BULK = 0.02;
const MAXIMUM_DEVICES = 150;

/** `kind[:key=value,…]`, for example `scan:type=ports,target=hub,at=600`; a first word alone is the type: `scan:ports`. */
export function parseAttack(text: string): AttackOptions {
  const colon = text.indexOf(':');
  const kind = colon < 0 ? text : text.slice(0, colon);
  const raw: Record<string, string> = {};
  for (const [i, pair] of (colon < 0 ? [] : text.slice(colon + 1).split(',')).entries()) {
    const equals = pair.indexOf('=');
    if (i === 0 && equals < 0 && pair.trim() !== '') {
      raw.type = pair.trim();
      continue;
    }
    if (equals < 1) throw new AppError('bad_attack_option', { attack: kind, reason: `"${pair}" is not key=value` });
    raw[pair.slice(0, equals).trim()] = pair.slice(equals + 1).trim();
  }
  parseAttackOptions(kind, raw);
  return { kind, ...raw } as AttackOptions;
}

/** The options with their defaults. Throws `unknown_attack` or `bad_attack_option`. */
export function parseAttackOptions(kind: string, raw: Record<string, unknown>): Record<string, unknown> {
  const found = anyAttackKinds.find((entry) => entry.kind === kind);
  if (found === undefined) {
    throw new AppError('unknown_attack', { attack: kind, kinds: anyAttackKinds.map((entry) => entry.kind).join(', ') });
  }
  const result = found.options.safeParse(raw);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const known = Object.keys(found.options.shape).join(', ');
  const reason =
    issue.code === 'unrecognized_keys'
      ? `unknown ${issue.keys.map((key) => `"${key}"`).join(', ')}; it understands ${known}`
      : `${issue.path.join('.')}: ${issue.message}`;
  throw new AppError('bad_attack_option', { attack: kind, reason });
}

/** The kinds of the home's devices in order. Throws `bad_simulation`. */
export function listDeviceKinds(devices: SimulateOptions['devices']): string[] {
  const all = deviceKinds.map((entry) => entry.kind);
  const kinds =
    typeof devices === 'number' ? Array.from({ length: devices }, (_, i) => all[i % all.length]!) : [...devices];
  const unknown = kinds.find((kind) => !all.includes(kind));
  if (unknown !== undefined) {
    throw new AppError('bad_simulation', {
      reason: `there is no device kind "${unknown}"; there are ${all.join(', ')}`,
    });
  }
  if (
    kinds.length < 1 ||
    kinds.length > MAXIMUM_DEVICES ||
    (typeof devices === 'number' && !Number.isInteger(devices))
  ) {
    throw new AppError('bad_simulation', {
      reason: `devices is ${String(devices)}, not between 1 and ${MAXIMUM_DEVICES}`,
    });
  }
  return kinds;
}
