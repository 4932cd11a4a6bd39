/** The people: when they are awake and at home. Everything that is used by somebody follows from it. */
import type { Random } from './random.ts';
import { DAY, HOUR } from './simulation.ts';

/** One person's day, microseconds since 1970; `away` periods do not overlap. */
interface PersonDay {
  wake: number;
  sleep: number;
  away: ReadonlyArray<readonly [from: number, to: number]>;
}

export class Household {
  readonly people: number;
  readonly #random: Random;
  readonly #days = new Map<string, PersonDay>();

  constructor(random: Random, people: number) {
    this.#random = random;
    this.people = people;
  }

  /** Whether this person is out of the house. */
  isAway(person: number, now: number): boolean {
    return this.#day(person, now).away.some(([from, to]) => now >= from && now < to);
  }

  /** Microseconds until the next change of `isAway`, at most until the day is over. */
  untilChange(person: number, now: number): number {
    const edges = this.#day(person, now)
      .away.flat()
      .filter((edge) => edge > now);
    return Math.min(...edges, startOfDay(now) + DAY) - now;
  }

  isAwake(person: number, now: number): boolean {
    const day = this.#day(person, now);
    if (now >= day.wake && now < day.sleep) return true;
    // Somebody who goes to bed after midnight is awake in the first hours of the next day.
    return now < this.#day(person, now - DAY).sleep;
  }

  /** People who are at home and awake. */
  active(now: number): number {
    let count = 0;
    for (let person = 0; person < this.people; person++)
      if (this.isAwake(person, now) && !this.isAway(person, now)) count++;
    return count;
  }

  #day(person: number, now: number): PersonDay {
    const start = startOfDay(now);
    const key = `${person}/${start}`;
    let day = this.#days.get(key);
    if (day === undefined) {
      day = this.#plan(person, start);
      this.#days.set(key, day);
    }
    return day;
  }

  #plan(person: number, start: number): PersonDay {
    const habits = this.#random.fork(`person/${person}`);
    const early = habits.normal() * 0.7;
    const worksOutside = habits.bool(0.65);
    const random = habits.fork(start);
    const at = (hour: number, deviation: number): number => start + (hour + deviation * random.normal()) * HOUR;
    if (isWeekend(start)) {
      const leave = at(11.5, 1.5);
      const away: Array<[number, number]> = random.bool(0.6) ? [[leave, leave + random.uniform(1, 5) * HOUR]] : [];
      return { wake: at(8.6 + early, 0.7), sleep: at(23.7 + early, 0.6), away };
    }
    const wake = at(6.9 + early, 0.35);
    const away: Array<[number, number]> = [];
    if (worksOutside && random.bool(0.9)) {
      const leave = wake + random.uniform(0.7, 1.5) * HOUR;
      away.push([leave, leave + random.uniform(8, 10.5) * HOUR]);
    } else if (random.bool(0.5)) {
      const leave = at(15, 2);
      away.push([leave, leave + random.uniform(0.4, 2) * HOUR]);
    }
    return { wake, sleep: at(22.8 + early, 0.5), away };
  }
}

export function startOfDay(now: number): number {
  return Math.floor(now / DAY) * DAY;
}

/** Hours since midnight, fractional. The home's clock is UTC. */
export function hourOfDay(now: number): number {
  return (now - startOfDay(now)) / HOUR;
}

export function isWeekend(now: number): boolean {
  const weekday = (Math.floor(now / DAY) + 4) % 7; // 1970-01-01 was a Thursday
  return weekday === 0 || weekday === 6;
}
