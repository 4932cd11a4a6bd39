/** A number behind a sentence as a labelled row. Pages, mails and the command line draw `text`; programs take `value`. */
import { bytes, count, duration, interval, port } from './words/phrase.ts';

export const factUnits = ['B', 's', 'unix'] as const;

export interface Fact {
  name: string;
  value: number | string;
  /** Bytes, seconds, or seconds since 1970 UTC; null for counts and words. */
  unit: (typeof factUnits)[number] | null;
  /** The value as people read it, with its unit. */
  text: string;
}

const number = (value: number): string =>
  Number.isInteger(value) || value >= 1000 ? count(value, '', '').trim() : `${Number(value.toPrecision(3))}`;

export const counted = (name: string, value: number): Fact => ({ name, value, unit: null, text: number(value) });

export const sized = (name: string, value: number): Fact => ({ name, value, unit: 'B', text: bytes(value) });

export const lasting = (name: string, value: number): Fact => ({
  ...{ name, value, unit: 's' },
  text: value > 0 ? duration(value) : 'at once',
});

/** A pause or a period, more precisely than how long something lasted. */
export const ticking = (name: string, value: number): Fact => ({ name, value, unit: 's', text: interval(value) });

/** The text is UTC; pages show the time of their reader. */
export const moment = (name: string, value: number): Fact => ({
  ...{ name, value, unit: 'unix' },
  text: `${new Date(value * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`,
});

export const said = (name: string, value: string): Fact => ({ name, value, unit: null, text: value });

export const service = (value: number, name = 'Port'): Fact => ({ name, value, unit: null, text: port(value) });

/** What was learned to be usual; nothing was where it is 0. */
export const usualCount = (value: number): Fact => ({
  ...counted('Usual at most', value),
  // Nothing was seen, or nobody has looked for long enough.
  ...(value === 0 && { text: 'none so far' }),
});
