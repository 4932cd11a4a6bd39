/** What every way of slipping by shares: how much of it, over how long. */
import { z } from 'zod';
import { type Process, SECOND } from '../../engine/simulation.ts';
import { type AlertKind, type Attack, commonOptions } from '../attack.ts';

export const common = {
  ...commonOptions,
  /** Probes, look-ups or megabytes. */
  amount: z.coerce.number().positive().max(100_000).optional(),
  /** Seconds from the first to the last of them. */
  duration: z.coerce.number().positive().optional(),
};

export interface Plan {
  amount: number;
  duration: number;
}
type Options = { amount?: number; duration?: number };
export type Evader = Attack<Options>;

/** One way to slip by. */
export interface Evasion {
  /** What it does unless it is told otherwise. */
  readonly plan: Plan;
  /** Kinds of device that it comes from, the first that the home has. */
  readonly attackers: readonly string[];
  readonly accepts: readonly AlertKind[];
  run(attack: Evader, plan: Plan): Process;
}

/** Does something so often within the duration, at random moments. */
export function* spread(attack: Evader, { amount, duration }: Plan, body: () => Process): Process {
  const begun = attack.now;
  for (let i = 0; i < amount; i++) {
    const due = begun + ((i + attack.random.uniform(0, 0.5)) / amount) * duration * SECOND;
    if (due > attack.now) yield due - attack.now;
    yield* body();
  }
}
