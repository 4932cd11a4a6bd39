/** Options records: what an exporter says about itself. They count for their own message and for all later ones. */
import { hex, name, unsigned } from './value.ts';

/** What one record of options holds. */
export interface OptionRecord {
  boot: number | null;
  /** Whose sampling it is (48, 302); null for all. */
  sampler: number | null;
  /** One packet of so many is counted. */
  interval: number | null;
  /** Consecutive packets that are counted (305), and those that are skipped behind them (306). */
  taken: number | null;
  skipped: number | null;
  /** So many of a population (309, 310). */
  size: number | null;
  population: number | null;
  application: string | null;
  name: string | null;
}

export const emptyOption = (): OptionRecord => ({
  boot: null,
  sampler: null,
  interval: null,
  taken: null,
  skipped: null,
  size: null,
  population: null,
  application: null,
  name: null,
});

export type OptionReader = (option: OptionRecord, view: DataView, offset: number, length: number) => void;

type NumberField = Exclude<keyof OptionRecord, 'application' | 'name'>;

const number =
  (field: NumberField, perUnit = 1): OptionReader =>
  (option, view, offset, length) => {
    if (length <= 8) option[field] = unsigned(view, offset, length) / perUnit;
  };

const readers: ReadonlyMap<number, OptionReader> = new Map<number, OptionReader>([
  [34, number('interval')],
  [48, number('sampler')],
  [50, number('interval')],
  [
    95,
    (option, view, offset, length) => {
      if (length <= 8) option.application = hex(view, offset, length);
    },
  ],
  [
    96,
    (option, view, offset, length) => {
      option.name = name(view, offset, length);
    },
  ],
  [160, number('boot', 1e3)],
  [302, number('sampler')],
  [305, number('taken')],
  [306, number('skipped')],
  [309, number('size')],
  [310, number('population')],
]);

/** Scopes of v9 are numbers of their own (1 system, 2 interface …): they say of what, and are stepped over. */
export const optionReader = (element: number, enterprise: number, isScope9: boolean): OptionReader | null =>
  enterprise !== 0 || (isScope9 && element < 6) ? null : (readers.get(element) ?? null);

/** Beyond that a rate is not one: a count is multiplied by it. */
const MAX_RATE = 2 ** 24;

/** What an exporter says of itself, as its observation domain keeps it. */
interface OptionSink {
  boot: number | null;
  setSampling(sampler: number | null, rate: number): void;
  setApplication(id: string, name: string): void;
}

export function learn(domain: OptionSink, option: OptionRecord): void {
  if (option.boot !== null) domain.boot = option.boot;
  const rate = rateOf(option);
  if (rate !== null && rate >= 1 && rate <= MAX_RATE) domain.setSampling(option.sampler, rate);
  if (option.application !== null && option.name !== null) domain.setApplication(option.application, option.name);
}

function rateOf({ interval, taken, skipped, size, population }: OptionRecord): number | null {
  if (size !== null && population !== null && size > 0) return population / size;
  if (taken !== null && taken > 0) return skipped === null ? taken : (taken + skipped) / taken;
  return interval === 0 ? 1 : interval;
}
