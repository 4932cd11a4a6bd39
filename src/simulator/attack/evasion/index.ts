/** Attacks that try to slip by: each goes below, beside or around something that a detector counts. */
import { z } from 'zod';
import { type AttackKind, defineAttack } from '../attack.ts';
import { common, type Evasion } from './evasion.ts';
import { shortDomain, tcpDns } from './names.ts';
import { fragments, masked, slowInside, slowOutside, spoofedVictim } from './probes.ts';
import { echo, icmp, split } from './uploads.ts';

export const evasions = {
  masked,
  fragments,
  echo,
  split,
  icmp,
  'short-domain': shortDomain,
  'tcp-dns': tcpDns,
  'slow-outside': slowOutside,
  'slow-inside': slowInside,
  'spoofed-victim': spoofedVictim,
} as const satisfies Record<string, Evasion>;

export type EvasionType = keyof typeof evasions;
export const evasionTypes = Object.keys(evasions) as EvasionType[];

const options = z.strictObject({ ...common, type: z.enum(evasionTypes).default('masked') });

export const evasion = defineAttack({
  kind: 'evasion',
  options,
  attackers: ({ type }) => evasions[type].attackers,
  accepts: ({ type }) => evasions[type].accepts,
  detail: ({ type }) => `evasion-${type}`,
  *run(attack) {
    const { type, amount, duration } = attack.options;
    const { plan, run } = evasions[type];
    yield* run(attack, { amount: amount ?? plan.amount, duration: duration ?? plan.duration });
  },
}) satisfies AttackKind<typeof options>;
