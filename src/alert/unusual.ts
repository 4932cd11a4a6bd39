/** What the statistical gauges say, in words: each thing that stands out with its value and what is usual. */

import { type Amount, type Rare, type Standout, standoutsOf } from '../detector/deviation.ts';
import type { Finding } from '../detector/finding.ts';
import { bytes, clock, count, duration, interval, port } from './phrase.ts';

/** From here on a pace is worth a number. */
const FASTER = 2;
/** Below it a device is usually silent at that time: a quarter of what an even spread over the day would give. */
const SILENT = 0.02;
const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
/** Pauses are measured up to a day. Seconds. */
const NO_PAUSE = 86_000;

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

function rare(standout: Rare): string {
  const [thing, never, rarely] = categories[standout.feature] ?? ['something', 'had never done', 'rarely does'];
  return `${thing} that it ${standout.share === 0 ? never : rarely} (${value(standout)})`;
}

function quantity(amount: number, unit: string): string {
  if (unit === 'B') return bytes(amount);
  if (unit === 's') return amount >= NO_PAUSE ? 'a day or more' : interval(amount);
  return count(amount, '', '').trim();
}

const isBeyond = ({ value, unit, usual }: Amount): boolean =>
  unit === '' || usual === null || value < usual[0] || value > usual[1];

function amount({ feature, value, unit, usual }: Amount, usually: string): string {
  // A sign of the connection is there or not.
  if (unit === '') return `${value > 0 ? 'a' : 'no'} ${feature}, which is unusual`;
  const now = `${feature} ${quantity(value, unit)}`;
  if (!usual) return now;
  const [low, high] = usual.map((end) => quantity(end, unit));
  return `${now}, ${usually} ${low === high ? low : `${low} to ${high}`}`;
}

/** Of the windows that one thing is measured over, the most telling one. */
function distinct(standouts: readonly Standout[]): Standout[] {
  const base = ({ feature }: Standout): string => feature.replace(/ in the last \d+ s$/, '');
  return standouts.filter((one, i) => standouts.findIndex((other) => base(other) === base(one)) === i);
}

/** "bytes sent 1.4 GB, usually 300 B to 2 kB; an address that it had never talked to (…)"; empty where nothing is named. */
function details(finding: Finding, standouts: readonly Standout[]): string {
  const usually = finding.evidence.compared_with === 'house' ? 'usual in this house is' : 'usually';
  // The port says which service it is.
  const hasPort = standouts.some(({ feature }) => feature.endsWith('_port'));
  const named = distinct(standouts).filter(
    ({ feature }) => feature !== 'time_of_day' && !(hasPort && feature === 'service'),
  );
  const telling = named.filter((standout) => 'share' in standout || isBeyond(standout));
  const shown = telling.length > 0 ? telling : named;
  const list = shown.map((standout) => ('share' in standout ? rare(standout) : amount(standout, usually))).join('; ');
  if (telling.length > 0 || named.length === 0) return list;
  return named.length === 1
    ? `${list}, but not with all else as it was`
    : `${list}; each is usual by itself, but not all together`;
}

const all = (finding: Finding): string =>
  details(finding, standoutsOf(finding.evidence)) || 'nothing by itself, but all of it together';

/** Amounts of ten minutes. */
export function amounts(finding: Finding): string {
  const standouts = standoutsOf(finding.evidence);
  const time = standouts.find((standout): standout is Rare => standout.feature === 'time_of_day');
  const named = details(finding, standouts);
  const at = `${clock(finding.since)} UTC`;
  const who = finding.evidence.compared_with === 'house' ? 'this house' : 'it';
  if (time && time.share < SILENT)
    return `was active at ${at}, when ${who} is usually silent${named === '' ? '' : `: ${named}`}`;
  if (time && named === '')
    return `sends and receives at ${at} what is usual only at other times of the day; ${percent(time.share)} of the past is within an hour of it`;
  return `sends and receives unusual amounts in the ten minutes until ${at}: ${all(finding)}`;
}

/** The autoencoder saw a row of connections; the profile, one. */
export function order(finding: Finding): string {
  const { first, last, of, from_ts, to_ts, to } = finding.evidence;
  if (of === undefined) {
    const other = to === undefined ? '' : ` with ${to}`;
    return `made a connection${other} at ${clock(finding.since)} UTC that is unlike its usual ones: ${all(finding)}`;
  }
  const which = first === last ? `connection ${first}` : `connections ${first} to ${last}`;
  const [begin, end] = [clock(Number(from_ts ?? finding.since)), clock(Number(to_ts ?? finding.since))];
  const time = begin === end ? `at ${begin} UTC` : `from ${begin} to ${end} UTC`;
  return `makes connections in an order never seen (${which} of ${of}, ${time}): ${all(finding)}`;
}

/** The forecaster knows how fast packets should have come. */
export function pace(finding: Finding): string {
  const { faster, seconds, to } = finding.evidence;
  const at = `at ${clock(finding.since)} UTC`;
  if (faster === undefined || Number(faster) < FASTER) {
    const other = to === undefined ? '' : ` with ${to}`;
    return `exchanges packets${other} in an unusual rhythm ${at}: ${all(finding)}`;
  }
  const last = duration(Math.max(1, Number(seconds)));
  const times = count(Math.round(Number(faster)), 'time');
  return `sends packets ${times} faster than predicted for the last ${last} ${at}: ${all(finding)}`;
}
