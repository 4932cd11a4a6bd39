/** Names that detectors use, as an owner reads them. */
import type { Alert, Fact, LiveAlert } from '../../../src/api/contract.ts';
import { formatExact } from '../format.ts';
import { kindsInWords } from './kinds.ts';

export const kindInWords = (kind: Alert['kind']): string => kindsInWords[kind];

const statuses: Record<LiveAlert['status'], string> = {
  open: 'Open',
  acknowledged: 'In progress',
  expected: 'Expected',
};

export const statusInWords = (status: LiveAlert['status']): string => statuses[status];

/** The time of a fact is said in the reader's own zone. */
export const factInWords = ({ unit, value, text }: Fact): string =>
  unit === 'unix' ? formatExact(new Date(Number(value) * 1000)) : text;
