/**
 * From scores to few alarms. The unit is one device in one hour: each gauge's highest value in it. All device-hours of
 * the past calibrate the gauges against each other and give the chance that an ordinary device-hour reaches a value;
 * the owner's budget of false alarms a week sets the chance that is allowed. The past goes on growing while it
 * watches, so that slow drift moves the cut and not the number of alarms.
 */
import type { Host } from '../../feature/host.ts';
import { fitTail, type Tail, tailSurprise } from '../density/tail.ts';
import { FASTER, isClear } from '../deviation.ts';
import type { Explanation, Finding, Report, StatisticalKind } from '../finding.ts';
import { getOrCreate, renameKey } from '../keyed.ts';
import type { HourVerdict } from '../profile/hour-sample.ts';
import { AlarmRate } from './alarm-rate.ts';

/** What is measured, and the kind of finding that it makes. Saved pasts know them by their place: append only. */
const kinds = {
  packets: 'rhythm',
  connections: 'sequence',
  amounts: 'rate',
  forecaster: 'rhythm',
  autoencoder: 'sequence',
} as const satisfies Record<string, StatisticalKind>;
export type Gauge = keyof typeof kinds;
const gauges = Object.keys(kinds) as Gauge[];

const HOUR = 3600;
const WEEK = 7 * 86_400;
/** Devices of an hour; made-up addresses must not fill the memory. */
const MOST_DEVICES = 4096;
/** Device-hours kept: a month of a house of forty. */
const MOST_SAMPLES = 16_384;
/** Fewer say nothing of a rare tail: the state is "learning", and only rules speak. */
const FEWEST = 24;
/** Fewer values of one gauge make no tail of it. */
const FEWEST_VALUES = 10;
/** From so many on, what was watched speaks for itself: scores given while still learning run high. */
const ENOUGH = 144;
const REFIT = 1.1;
/** What cannot be said is looked at again after so many seconds, however high it is: to find words costs. */
const SPEECHLESS = 10;
/** Budgets that are always counted, whatever the owner's is. */
export const TALLIED = [1, 10, 100] as const;
/** An exceptional state that lasts a day is the new ordinary. */
const NEW_ORDINARY = 24;
/** What goes into the past does not hang on the owner's budget: exceptional and suspicious by these. */
const STRICT = 1;
const LOOSE = 100;
/** Drift is measured over three days at this budget; three times what it promises is no chance any more (p < 0.001). */
const DRIFT_HOURS = 72;
const DRIFT_BUDGET = 10;
const DRIFT_FACTOR = 3;
/** Words of the owner that can be taken back. */
const MOST_WORDS = 32;
const PRIOR = 5;
const MOST_CORRECTION = 3;

interface Sample {
  hour: number;
  device: string;
  /** Highest value of each gauge of what could be an alert; NaN where it said nothing. */
  values: number[];
}

interface Current extends Sample {
  host: Host;
  /** One alarm per device and hour. */
  alarmed: boolean;
  /** It is part of the past already: the owner has said so before it was over. */
  accepted: boolean;
  ts: number[];
  /** Null where the value is far from an alarm. */
  explanations: (Explanation | null)[];
  /** Highest value of each gauge that nobody could be told the reason of, and when that was. */
  speechless: { value: number; ts: number }[];
}

/** Whether a sentence can say what differs: what a person sees no difference in is no alert. */
function canBeSaid({ deviations, evidence }: Explanation): boolean {
  return deviations.some(isClear) || ('faster' in evidence && (evidence.faster ?? 0) >= FASTER);
}

interface Fit {
  /** Null where too little was observed. */
  gauges: (Tail | null)[];
  alarms: AlarmRate;
  size: number;
}

export interface SavedAlarmBudget {
  samples: Sample[];
  /** How many of them were taken while learning. */
  learned: number;
  /** By word; missing in states of before 0.1.0. */
  accepted?: [word: string, Sample][];
}

export class AlarmBudget {
  private readonly report: Report;
  private readonly onHour: (device: string, verdict: HourVerdict) => void;
  readonly budget: number;
  private samples: Sample[] = [];
  private current = new Map<string, Current>();
  private hour = Number.NaN;
  private fit: Fit | null = null;
  /** Hours in a row that each device was called out in. */
  private readonly streaks = new Map<string, number>();
  /** The last exceptional hour of each device, until the owner has spoken. */
  private readonly setAside = new Map<string, Sample>();
  /** Hours that became past by the owner's word, by the id of the word. */
  private readonly accepted = new Map<string, Sample>();
  /** Of the last three days the hours that the past would call out ten times a week, one for each device. */
  private beyond: number[] = [];
  /** Hours that were watched. */
  private watched = 0;
  private learned = 0;
  learning = true;
  /** Device-hours so far that each budget would have called out. */
  readonly tally: Record<number, number>;

  constructor(budget: number, report: Report, onHour: (device: string, verdict: HourVerdict) => void) {
    this.budget = budget;
    this.onHour = onHour;
    this.report = report;
    this.tally = Object.fromEntries([...TALLIED, budget].map((rate) => [rate, 0]));
  }

  /** A value of a gauge. Alarms at once when the device-hour has become rarer than the budget allows. */
  observe<G extends Gauge>(
    host: Host,
    gauge: G,
    value: number,
    ts: number,
    explain: () => Explanation<(typeof kinds)[G]>,
  ): void {
    if (host.scope !== 'local' || !host.isSomebody) return;
    this.advance(ts);
    if (this.current.size >= MOST_DEVICES && !this.current.has(host.address)) return;
    const now = getOrCreate(this.current, host.address, () => ({
      ...{ hour: this.hour, device: host.address, host, alarmed: false, accepted: false },
      values: gauges.map(() => Number.NaN),
      ts: gauges.map(() => ts),
      explanations: gauges.map(() => null),
      speechless: gauges.map(() => ({ value: Number.NEGATIVE_INFINITY, ts: Number.NEGATIVE_INFINITY })),
    }));
    const index = gauges.indexOf(gauge);
    if (value <= now.values[index]) return;
    const isNear = !this.learning && this.isNear(value, index);
    if (isNear) {
      const { value: last, ts: since } = now.speechless[index];
      if (value <= last && ts - since < SPEECHLESS) return;
      const explanation = explain();
      // It counts neither here nor in what is promised: the budget is of alerts that say something.
      if (!canBeSaid(explanation)) {
        now.speechless[index] = { value: Math.max(last, value), ts };
        return;
      }
      now.explanations[index] = explanation;
    } else now.explanations[index] = null;
    now.values[index] = value;
    now.ts[index] = ts;
    // It is called out once.
    if (!this.learning && !now.alarmed) this.judge(now, ts);
  }

  /** Not far from an alarm of the most generous budget: to write down what stands out costs more than to measure it. */
  private isNear(value: number, gauge: number): boolean {
    const fit = this.fitNow();
    const tail = fit?.gauges[gauge];
    if (fit === null || !tail) return false;
    return tailSurprise(tail, value) > this.cut(Math.max(LOOSE, this.budget), fit);
  }

  /** Time goes on: finished hours become part of the past. */
  advance(ts: number): void {
    const hour = Math.floor(ts / HOUR);
    if (hour === this.hour) return;
    const finished = [...this.current.values()];
    this.current = new Map();
    if (!this.learning && hour > this.hour) this.watched += Math.min(hour - this.hour, 1);
    this.hour = hour;
    for (const sample of finished) this.close(sample);
  }

  /** What the past calls rare has become common for days: it does not describe this house any more. Null: it does. */
  get drift(): { hours: number; expected: number } | null {
    this.beyond = this.beyond.filter((hour) => hour > this.hour - DRIFT_HOURS);
    const expected = (DRIFT_BUDGET * DRIFT_HOURS * HOUR) / WEEK;
    const hours = this.beyond.length;
    return this.watched >= DRIFT_HOURS && hours >= DRIFT_FACTOR * expected ? { hours, expected } : null;
  }

  /** Nats of rarity of the rarest device-hours that the past can vouch for, and what is needed to alarm. */
  get ready(): boolean {
    return this.fitNow() !== null;
  }

  private judge(now: Current, ts: number): void {
    const fit = this.fitNow();
    if (!fit) return;
    const said = now.values.map((value, i) => (now.explanations[i] === null ? Number.NaN : value));
    const height = this.highest(said, fit.gauges);
    if (height <= this.cut(this.budget, fit)) return;
    const perWeek = fit.alarms.perWeek(height);
    now.alarmed = true;
    // An exceptional state that goes on is one episode.
    const continues = (this.streaks.get(now.device) ?? 0) > 0 && height > this.cut(STRICT, fit);
    const index = this.leading(said, fit);
    const { deviations = [], evidence } = now.explanations[index] ?? {};
    this.report({
      kind: kinds[gauges[index]],
      detector: 'statistical',
      host: now.host,
      target: null,
      ts,
      since: now.ts[index],
      strength: Math.max(0, Math.log(this.budget / perWeek)),
      deviations: deviations.toSorted((a, b) => Number(isClear(b)) - Number(isClear(a))),
      evidence: { ...evidence, once_in_seconds: WEEK / perWeek, continues: continues ? 1 : 0 },
    } as Finding);
  }

  private close(sample: Current): void {
    if (this.learning) {
      this.keep(sample);
      this.learned = this.samples.length;
      this.onHour(sample.device, 'quiet');
      return;
    }
    const fit = this.fitNow();
    const height = fit ? this.highest(sample.values, fit.gauges) : 0;
    for (const budget of Object.keys(this.tally).map(Number))
      if (fit && height > this.cut(budget, fit)) this.tally[budget]++;
    if (fit && height > fit.alarms.cut(DRIFT_BUDGET)) this.beyond.push(sample.hour);
    // What is rare even in a strict house is no proof of what is ordinary, unless it stays.
    const isExceptional = fit !== null && !sample.accepted && height > this.cut(STRICT, fit);
    const streak = isExceptional ? (this.streaks.get(sample.device) ?? 0) + 1 : 0;
    if (streak > 0) this.streaks.set(sample.device, streak);
    else this.streaks.delete(sample.device);
    const isOrdinary = !isExceptional || streak > NEW_ORDINARY;
    if (isOrdinary && !sample.accepted) this.keep(sample);
    else if (!isOrdinary) this.setAside.set(sample.device, sample);
    if (!fit) return;
    const isSuspicious = streak > 0 || height > this.cut(LOOSE, fit);
    this.onHour(sample.device, isOrdinary ? (isSuspicious ? 'suspicious' : 'quiet') : 'alarmed');
  }

  /**
   * The promise is kept by counting: a cut that has let through more alarms than promised rises, one that has been too
   * strict falls. The prior is worth five alarms, and no attack can move it by more than a factor of three.
   */
  private cut(budget: number, fit: Fit): number {
    const expected = (budget * this.watched * HOUR) / WEEK;
    const ratio = (PRIOR + this.tally[budget]) / (PRIOR + expected);
    return fit.alarms.cut(budget / Math.min(MOST_CORRECTION, Math.max(1 / MOST_CORRECTION, ratio)));
  }

  /**
   * The owner says that what was called out is expected: the hour becomes part of the past, once. Gives how often a week
   * the past holds an hour as unusual, before and after; null where none was set aside.
   */
  accept(device: string, word: string): { before: number; after: number } | null {
    const fit = this.fitNow();
    const sample = fit && this.calledOut(device, fit);
    if (!sample) return null;
    const before = fit.alarms.perWeek(this.highest(sample.values, fit.gauges));
    this.setAside.delete(device);
    this.streaks.delete(device);
    const { hour, values } = sample;
    const learned = { hour, device, values: [...values] };
    this.keep(learned);
    if (this.accepted.size >= MOST_WORDS) this.accepted.delete(this.accepted.keys().next().value!);
    this.accepted.set(word, learned);
    this.fit = null;
    const refit = this.fitNow();
    return { before, after: refit ? refit.alarms.perWeek(this.highest(values, refit.gauges)) : before };
  }

  /** The running hour where it is beyond the ordinary, else the last one that was set aside. */
  private calledOut(device: string, fit: Fit): Sample | undefined {
    const now = this.current.get(device);
    if (!now || now.accepted) return this.setAside.get(device);
    const isUnusual = now.alarmed || this.highest(now.values, fit.gauges) > this.cut(STRICT, fit);
    if (!isUnusual) return this.setAside.get(device);
    now.accepted = true;
    return now;
  }

  /** Words that can be taken back. */
  get words(): string[] {
    return [...this.accepted.keys()];
  }

  /** The word was taken back: its hour leaves the past, and waits for another. */
  revoke(word: string): void {
    const was = this.accepted.get(word);
    if (!was) return;
    this.accepted.delete(word);
    const { device, hour } = was;
    const place = this.samples.findLastIndex((sample) => sample.device === device && sample.hour === hour);
    if (place < 0) return;
    this.samples.splice(place, 1);
    if (place < this.learned) this.learned--;
    this.fit = null;
    const now = this.current.get(device);
    if (now?.hour === hour) now.accepted = false;
    else if (!this.setAside.has(device)) this.setAside.set(device, was);
  }

  /** Its hours are those of another address; the running one is given up. */
  move(from: string, to: string): void {
    for (const sample of [...this.samples, ...this.accepted.values()]) if (sample.device === from) sample.device = to;
    this.current.delete(from);
    renameKey(this.streaks, from, to, (streak) => streak);
    renameKey(this.setAside, from, to, ({ hour }) => hour);
  }

  /** Its hours leave the past. */
  forget(device: string): void {
    const learned = this.samples.slice(0, this.learned).filter((sample) => sample.device === device).length;
    this.samples = this.samples.filter((sample) => sample.device !== device);
    this.learned -= learned;
    this.current.delete(device);
    this.streaks.delete(device);
    this.setAside.delete(device);
    for (const [word, sample] of this.accepted) if (sample.device === device) this.accepted.delete(word);
    this.fit = null;
  }

  private keep({ hour, device, values }: Sample): void {
    if (this.samples.length >= MOST_SAMPLES) {
      this.samples.shift();
      this.learned = Math.max(0, this.learned - 1);
    }
    this.samples.push({ hour, device, values });
  }

  /**
   * Nats of the gauge that says most. That the best of several is taken, and that they say much the same, needs no
   * correction: device-hours of the past are measured in the same way.
   */
  private highest(values: readonly number[], tails: Fit['gauges']): number {
    return Math.max(0, ...this.nats(values, tails));
  }

  private nats(values: readonly number[], tails: Fit['gauges']): number[] {
    return values.map((value, i) => {
      const tail = tails[i];
      return tail === null || Number.isNaN(value) ? 0 : tailSurprise(tail, value);
    });
  }

  private leading(values: readonly number[], fit: Fit): number {
    const nats = this.nats(values, fit.gauges);
    return nats.indexOf(Math.max(...nats));
  }

  /**
   * Fitted to what was watched; as long as that is little, also to what was learned, but for the first quarter, in
   * which everything was new.
   */
  private fitNow(): Fit | null {
    const size = this.samples.length;
    if (this.fit && size < this.fit.size * REFIT) return this.fit;
    const watched = size - this.learned;
    const past = this.samples.slice(watched >= ENOUGH ? this.learned : this.learned >> 2);
    if (past.length < FEWEST) return null;
    const tails = gauges.map((_, i) => {
      const observed = past.map(({ values }) => values[i]).filter((value) => !Number.isNaN(value));
      return observed.length < FEWEST_VALUES ? null : fitTail(observed);
    });
    const highest = past.map(({ values }) => this.highest(values, tails));
    const hours = new Set(past.map(({ hour }) => hour)).size;
    this.fit = { gauges: tails, alarms: new AlarmRate(highest, hours), size };
    return this.fit;
  }

  save(): SavedAlarmBudget {
    return { samples: this.samples, learned: this.learned, accepted: [...this.accepted] };
  }

  load(saved: SavedAlarmBudget): void {
    // JSON knows no NaN.
    const revive = (sample: Sample): Sample => ({
      ...sample,
      values: gauges.map((_, i) => sample.values[i] ?? Number.NaN),
    });
    this.samples = saved.samples.map(revive);
    this.accepted.clear();
    for (const [word, sample] of saved.accepted ?? []) this.accepted.set(word, revive(sample));
    this.learned = saved.learned;
    this.fit = null;
  }
}
