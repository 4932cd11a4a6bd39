/** Names that detectors use, as an owner reads them. */
import type { Alert, LiveAlert } from '../../../src/api/contract.ts';
import { formatBytes, formatCount, formatDuration, formatExact } from '../format.ts';

export const kindsInWords: Readonly<Record<Alert['kind'], string>> = {
  scan: 'Scanning',
  'brute-force': 'Guessing passwords',
  beacon: 'Regular calls',
  flood: 'Flood',
  'slow-dos': 'Blocking a service',
  exfiltration: 'Large upload',
  spoofing: 'Impersonation',
  'protocol-abuse': 'Misuse of a protocol',
  'dns-tunnel': 'Data hidden in name look-ups',
  'generated-names': 'Made-up names',
  rate: 'Unusual amounts',
  sequence: 'Unusual order of connections',
  rhythm: 'Unusual rhythm',
  silence: 'Silence',
  'new-destination': 'New destination',
  'new-device': 'New device',
};

export const kindInWords = (kind: Alert['kind']): string => kindsInWords[kind];

const statuses: Record<LiveAlert['status'], string> = {
  open: 'Open',
  acknowledged: 'Looked after',
  expected: 'Expected',
};

export const statusInWords = (status: LiveAlert['status']): string => statuses[status];

type Value = number | string;
const count = (value: Value): string => (typeof value === 'number' ? formatCount(value) : value);
const decimal = (value: Value): string =>
  typeof value === 'number'
    ? Number.isInteger(value)
      ? formatCount(value)
      : String(Number(value.toPrecision(3)))
    : value;
const bytes = (value: Value): string => (typeof value === 'number' ? formatBytes(value) : value);
const duration = (value: Value): string =>
  typeof value !== 'number' ? value : value > 0 ? formatDuration(value) : 'at once';
const moment = (value: Value): string => (typeof value === 'number' ? formatExact(new Date(value * 1000)) : value);
const plainly = (value: Value): string => String(value);
const yesNo = (value: Value): string => (value === 1 ? 'yes' : 'no');

/** Of each number behind a sentence: what it is, and how it reads. */
const evidence: Readonly<Record<string, [name: string, format: (value: Value) => string]>> = {
  addresses: ['Different addresses', count],
  anomalous_windows: ['Unusual stretches', count],
  answered: ['Did the other end answer', yesNo],
  attempts: ['Logins tried', count],
  bytes: ['Amount', bytes],
  calls: ['Calls', count],
  claims: ['Claims of the address', count],
  connections: ['Connections', count],
  domain: ['Domain', plainly],
  example: ['One of the names', plainly],
  compared_with: ['Compared with', (value) => (value === 'house' ? 'the whole house' : String(value))],
  failed: ['Attempts that failed', count],
  faster: ['Faster than predicted, times', decimal],
  first: ['First of the connections', count],
  from_ts: ['From', moment],
  last: ['Last of the connections', count],
  hours: ['Hours in which it spoke before', count],
  jitter: ['More or less', duration],
  list: ['On your list', plainly],
  listed: ['Listed', plainly],
  longest: ['Longest pause so far', duration],
  mac: ['Link-layer address', plainly],
  messages: ['Messages', count],
  names: ['Different names', count],
  new_per_week: ['Times a week that something is new to it, at most', decimal],
  of: ['Out of', count],
  once_in_seconds: ['So rare: once in', duration],
  open: ['Connections held open', count],
  other: ['The other device', plainly],
  packets: ['Packets', count],
  period: ['Every', duration],
  place: ['Place', plainly],
  port: ['Port, mostly', plainly],
  ports: ['Different ports', count],
  proto: ['Protocol', plainly],
  protocol: ['Protocol', plainly],
  refused: ['Logins refused', count],
  seconds: ['Within', duration],
  threshold: ['Largest usual error', decimal],
  times: ['Times so far', count],
  to: ['Other end', plainly],
  to_ts: ['Until', moment],
  topics: ['Topics', count],
  usual: ['Usual at most', decimal],
  worst_error: ['Largest error', decimal],
};

/** For programs: what they say stands in the other numbers. */
const hidden = new Set(['continues', 'unit', 'what']);

export function evidenceRows({ evidence: numbers, kind }: Alert): { name: string; value: string }[] {
  const rows = Object.entries(numbers)
    .filter(([key, value]) => !hidden.has(key) && !STANDOUT.test(key) && value !== '')
    .map(([key, value]) => {
      const [name, format] = evidence[key] ?? [key.replaceAll('_', ' '), decimal];
      // What is usual is measured as what was seen: an upload in bytes, a silence in seconds.
      if (key === 'usual' && kind === 'exfiltration') return { name, value: value === 0 ? 'nothing' : bytes(value) };
      if (key === 'usual' && kind === 'silence') return { name, value: duration(value) };
      if (key === 'usual' && value === 0) return { name, value: 'never before' };
      return { name, value: format(value) };
    });
  return [...standoutRows(numbers), ...rows];
}

/** Numbers of the things that stand out: feature_1, value_1 and so on. */
const STANDOUT = /^(feature|value|unit|low|high|share)_\d$/;

const categories: Readonly<Record<string, string>> = {
  conn_state: 'Outcome',
  direction: 'Direction',
  from_address: 'Caller',
  from_port: 'Own service, port',
  proto: 'Transport',
  service: 'Protocol',
  time_of_day: 'Time of day (UTC)',
  to_address: 'Address',
  to_port: 'Service, port',
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** One row for each thing that stands out: its value, and what is usual or how rare it is. */
function standoutRows(numbers: Alert['evidence']): { name: string; value: string }[] {
  const rows = [];
  for (let i = 1; numbers[`feature_${i}`] !== undefined; i++) {
    const feature = String(numbers[`feature_${i}`]);
    const [value, share] = [numbers[`value_${i}`], numbers[`share_${i}`]];
    const name = categories[feature] ?? capital(feature);
    const amount = inUnit(numbers[`unit_${i}`]);
    if (feature === 'time_of_day')
      rows.push({
        name,
        value: `${timeOfDay(Number(value))}; ${percent(Number(share))} of its past within an hour of it`,
      });
    else if (share !== undefined)
      rows.push({ name, value: `${value}; ${share === 0 ? 'never before' : `${percent(Number(share))} of its past`}` });
    else if (numbers[`low_${i}`] === undefined) rows.push({ name, value: amount(value) });
    else
      rows.push({
        name,
        value: `${amount(value)}; usually ${amount(numbers[`low_${i}`])} to ${amount(numbers[`high_${i}`])}`,
      });
  }
  return rows;
}

function inUnit(unit: Value | undefined): (value: Value) => string {
  if (unit === 'B') return bytes;
  if (unit === 's') return duration;
  return unit === undefined ? yesNo : decimal;
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
const timeOfDay = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(11, 16);
