/** What of the traffic a chart shows, and which of it an alert speaks of. */
import type { Alert, TrafficPoint } from '../../../src/api/contract.ts';
import { formatBytes, formatCount, formatRate, formatTick, plural } from '../format.ts';

export interface Measure {
  key: 'packets' | 'bytes' | 'connections' | 'contacts' | 'strangeness';
  /** Of the button that chooses it, and of the chart. */
  name: string;
  title: string;
  value: (point: TrafficPoint, seconds: number) => number | null;
  /** Of a stretch that was watched and had no packet. */
  silent: 0 | null;
  /** A value in words, and in short for the axis. */
  format: (value: number) => string;
  tick: (value: number) => string;
  /** Powers of ten stand at whole numbers. */
  minInterval?: number;
}

const tenth = (value: number): number => (value < 10 ? Number(value.toFixed(1)) : Math.round(value));
const oneIn = (power: number): string => `1 in ${power < 5 ? formatCount(10 ** power) : formatTick(10 ** power)}`;

const packets: Measure = {
  key: 'packets',
  name: 'Packets',
  title: 'Packets per second',
  value: (point, seconds) => point.packets / seconds,
  silent: 0,
  format: formatRate,
  tick: formatTick,
};
const bytes: Measure = {
  key: 'bytes',
  name: 'Data',
  title: 'Data per second',
  value: (point, seconds) => point.bytes / seconds,
  silent: 0,
  format: (value) => `${formatBytes(value)}/s`,
  tick: formatBytes,
};
const connections: Measure = {
  key: 'connections',
  name: 'Connections',
  title: 'Connections per minute',
  value: (point, seconds) => (60 * point.connections) / seconds,
  silent: 0,
  format: (value) => `${plural(tenth(value), 'connection')} a minute`,
  tick: formatTick,
};
const contacts: Measure = {
  key: 'contacts',
  name: 'Addresses',
  title: 'Addresses contacted per minute',
  value: (point, seconds) => (60 * point.contacts) / seconds,
  silent: 0,
  format: (value) => `${formatCount(tenth(value))} ${value === 1 ? 'address' : 'addresses'} a minute`,
  tick: formatTick,
};
const strangeness: Measure = {
  key: 'strangeness',
  name: 'Strangeness',
  title: 'Strangeness',
  value: (point) => point.strangeness,
  silent: null,
  format: (power) => (power < 0.5 ? 'ordinary' : `as rare as ${oneIn(power)}`),
  tick: (power) => (power === 0 ? 'ordinary' : oneIn(power)),
  minInterval: 1,
};

export const measures = [packets, bytes, connections, contacts, strangeness] as const;

/** The others speak of no amount: of whom, of what, or of when. */
const ofKind: Partial<Record<Alert['kind'], Measure>> = {
  scan: contacts,
  'brute-force': connections,
  'slow-dos': connections,
  flood: packets,
  exfiltration: bytes,
  rate: bytes,
  'icmp-tunnel': bytes,
  'dns-tunnel': packets,
  'generated-names': packets,
  sequence: strangeness,
  rhythm: strangeness,
};

/** What the alert speaks of; null where that is no amount. */
export const measureOf = ({ kind }: Pick<Alert, 'kind'>): Measure | null => ofKind[kind] ?? null;

export const measureNamed = (key: string | null): Measure | undefined => measures.find((one) => one.key === key);
