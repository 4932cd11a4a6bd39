/** What the statistical gauges say: each thing that stands out with its value and what is usual. */

import { type Amount, type Deviation, isClear, NAMED, type Rare } from '../../detector/deviation.ts';
import type { FindingOf, StatisticalKind } from '../../detector/finding.ts';
import type { Fact } from '../fact.ts';
import { lasting, said } from '../fact.ts';
import { defineWords, type KindWords, neverBefore } from './kind-words.ts';
import { bytes, capital, count, duration, interval, percent, port } from './phrase.ts';

/** Pauses are measured up to a day. Seconds. */
const NO_PAUSE = 86_000;
/** Less is a rounding of the clock. Seconds. */
const SHORTEST = 0.001;

const states: Readonly<Record<string, string>> = {
  S0: 'no answer',
  REJ: 'refused',
  SF: 'ended in order',
  S1: 'never ended',
  S2: 'ended by the caller only',
  S3: 'ended by the other end only',
  RSTO: 'broken off by the caller',
  RSTR: 'broken off by the other end',
  RSTOS0: 'broken off before an answer',
  RSTRH: 'broken off while it was opened',
  SH: 'closed before an answer',
  SHR: 'closed while it was opened',
  OTH: 'seen in part',
};

/** What a category is called, and what a device does with it: never so far, or rarely. */
const categories: Readonly<Record<string, [thing: string, never: string, rarely: string]>> = {
  direction: ['a direction', 'had never used', 'rarely uses'],
  proto: ['a transport', 'had never used', 'rarely uses'],
  service: ['a protocol', 'had never used', 'rarely uses'],
  conn_state: ['an outcome', 'had never had', 'rarely has'],
  to_address: ['an address', 'had never talked to', 'rarely talks to'],
  from_address: ['a caller', 'had never heard from', 'rarely hears from'],
  to_port: ['a service', 'had never used', 'rarely uses'],
  from_port: ['a service of its own', 'had never offered', 'rarely offers'],
};

function value({ feature, value }: Rare): string {
  if (feature.endsWith('_port')) return port(Number(value));
  if (feature === 'conn_state') return states[value] ?? String(value);
  return value === '-' ? 'none that is known' : String(value);
}

function rare(deviation: Rare): string {
  const [thing, never, rarely] = categories[deviation.feature] ?? ['something', 'had never done', 'rarely does'];
  return `${thing} that it ${deviation.share === 0 ? never : rarely} (${value(deviation)})`;
}

function quantity(amount: number, unit: string): string {
  if (unit === 'B') return bytes(amount);
  if (unit === 's')
    return amount >= NO_PAUSE
      ? 'a day or more'
      : amount > 0 && amount < SHORTEST
        ? 'less than 0.001 s'
        : interval(amount);
  return count(amount, '', '').trim();
}

function amount({ feature, value, unit, usual }: Amount, usually: string): string {
  // A sign of the connection is there or not.
  if (unit === '') return `${value > 0 ? 'a' : 'no'} ${feature}, which is unusual`;
  const now = `${feature} ${quantity(value, unit)}`;
  if (!usual) return now;
  const [low, high] = usual.map((end) => quantity(end, unit));
  return `${now}, ${usually} ${low === high ? low : `${low} to ${high}`}`;
}

/** What a person would see, of the windows that one thing is measured over the most telling one; the port says which service it is. */
function named(deviations: readonly Deviation[]): Deviation[] {
  const base = ({ feature }: Deviation): string => feature.replace(/ in the last \d+ s$/, '');
  const hasPort = deviations.some(({ feature }) => feature.endsWith('_port'));
  return deviations
    .filter((one, i) => deviations.findIndex((other) => base(other) === base(one)) === i)
    .filter((one) => isClear(one) && !(hasPort && one.feature === 'service'))
    .slice(0, NAMED);
}

/** ": bytes sent 1.4 GB, usually 300 B to 2 kB; an address that it had never talked to (…)"; empty where the time or the pace says it all. */
export function detailsOf({ evidence, deviations = [] }: FindingOf<StatisticalKind>): string {
  const usually = evidence.compared_with === 'house' ? 'usual in this house is' : 'usually';
  const list = named(deviations)
    .filter(({ feature }) => feature !== 'time_of_day')
    .map((deviation) => ('share' in deviation ? rare(deviation) : amount(deviation, usually)));
  return list.length === 0 ? '' : `: ${list.join('; ')}`;
}

/** What a category is called in a table. */
const labels: Readonly<Record<string, string>> = {
  conn_state: 'Outcome',
  direction: 'Direction',
  from_address: 'Caller',
  from_port: 'Own service',
  proto: 'Transport',
  service: 'Protocol',
  time_of_day: 'Time of day (UTC)',
  to_address: 'Address',
  to_port: 'Service',
};

const timeOfDay = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(11, 16);

/** One row for each thing that stands out: its value, and what is usual or how rare it is. */
function deviationFact(deviation: Deviation): Fact {
  const { feature } = deviation;
  const name = labels[feature] ?? capital(feature);
  if ('share' in deviation) {
    const { share } = deviation;
    const past = share === 0 ? 'never before' : `${percent(share)} of its past`;
    const isTime = feature === 'time_of_day';
    const shown = isTime ? timeOfDay(Number(deviation.value)) : value(deviation);
    return {
      name,
      value: deviation.value,
      unit: null,
      text: `${shown}; ${past}${isTime ? ' within an hour of it' : ''}`,
    };
  }
  const { unit, usual } = deviation;
  const text = unit === '' ? (deviation.value > 0 ? 'yes' : 'no') : quantity(deviation.value, unit);
  const range =
    usual === null || unit === '' ? '' : `; usually ${usual.map((end) => quantity(end, unit)).join(' to ')}`;
  return { name, value: deviation.value, unit: unit === 'B' || unit === 's' ? unit : null, text: `${text}${range}` };
}

interface Statistical<Kind extends StatisticalKind> {
  title: string;
  telling: number;
  /** What the device does: what stood out, and when. */
  describe: (finding: FindingOf<Kind>) => string;
  /** Rows of this kind alone. */
  facts: KindWords<Kind>['facts'];
}

/** A statistical finding: what stood out, and how rare it is for this device. */
export const statistical = <Kind extends StatisticalKind>({
  title,
  telling,
  describe,
  facts,
}: Statistical<Kind>): KindWords<Kind> =>
  defineWords<Kind>({
    ...{ title, telling, severity: 'Low' },
    words(finding, context) {
      const { name, past } = context;
      const rarity = (finding as FindingOf<StatisticalKind>).evidence.once_in_seconds;
      const rare =
        rarity > 0 && rarity < past.seconds
          ? ` Something this unusual came about once in ${duration(rarity)} so far.`
          : past.seconds > 0
            ? ` In the ${duration(past.seconds)} before, nothing was as unusual.`
            : ` ${neverBefore(context)}`;
      return {
        sentence: `${name} ${describe(finding)}.${rare}`,
        meaning: 'Probably harmless, for example a firmware update or a new app, but worth a look.',
        advice: [
          `Ask whether someone used ${name} in a new way at that time.`,
          'If nobody did, look at the connections below.',
        ],
      };
    },
    facts: (evidence, deviations) => [
      ...named(deviations).map(deviationFact),
      ...facts(evidence, deviations),
      ...(evidence.to === undefined ? [] : [said('Other end', evidence.to)]),
      lasting('So rare: once in', evidence.once_in_seconds),
      ...(evidence.compared_with === 'house' ? [said('Compared with', 'the whole house')] : []),
    ],
  });
