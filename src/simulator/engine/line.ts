/** The line to the Internet and its troubles: outages, and what the home's resolver refuses. */

import { startOfDay } from './household.ts';
import type { Random } from './random.ts';
import { DAY, MINUTE } from './simulation.ts';

/** Names that households' filters block and that makers let die. */
const DISPENSABLE =
  /(^|[.-])(ads?|adnxs|doubleclick|taboola|metrics?|telemetry|logs?|logsink|scribe|cooper|chartbeat|segment|scorecardresearch|samsungads|lgsmartad|crashlytics)([.-]|$)/;

export type NameState = 'alive' | 'blocked' | 'dead' | 'refusing';

export class Line {
  readonly #random: Random;
  readonly #outages = new Map<number, ReadonlyArray<readonly [from: number, to: number]>>();
  readonly #outagesPerDay: number;
  readonly #filters: boolean;

  constructor(random: Random) {
    this.#random = random;
    this.#outagesPerDay = Math.min(3, random.logNormal(0.15, 1));
    this.#filters = random.bool(0.25);
  }

  isDown(now: number): boolean {
    const day = startOfDay(now);
    let outages = this.#outages.get(day);
    if (outages === undefined) {
      outages = this.#plan(day);
      this.#outages.set(day, outages);
    }
    return outages.some(([from, to]) => now >= from && now < to);
  }

  /** What has become of a name: fixed for the home. Only dispensable names are ever anything but alive. */
  nameState(name: string): NameState {
    if (!DISPENSABLE.test(name)) return 'alive';
    if (this.#filters) return 'blocked';
    const chance = this.#random.fork(name).float();
    return chance < 0.06 ? 'dead' : chance < 0.1 ? 'refusing' : chance < 0.14 ? 'blocked' : 'alive';
  }

  #plan(day: number): Array<readonly [number, number]> {
    const random = this.#random.fork(day);
    const outages: Array<readonly [number, number]> = [];
    for (
      let at = random.exponential(1 / this.#outagesPerDay);
      at < 1;
      at += random.exponential(1 / this.#outagesPerDay)
    ) {
      const from = day + at * DAY;
      outages.push([from, from + Math.min(120, random.logNormal(3, 1.1)) * MINUTE]);
    }
    return outages;
  }
}
