/** Names that detectors use, as an owner reads them. */
import type { Alert, Fact, LiveAlert } from '../../../src/api/contract.ts';
import { formatExact, inOwnZone } from '../format.ts';
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

/** The device's own name, without the address that tells it apart in a log: that stands below the sentence. */
export const deviceInWords = ({ device, hosts = [] }: Pick<LiveAlert, 'device'> & { hosts?: string[] }): string => {
  const own = hosts[0] === undefined ? '' : ` (${hosts[0]})`;
  return own !== '' && device.endsWith(own) ? device.slice(0, -own.length) : device;
};

/** The sentence as its owner says it: the device by its name, times on the reader's clock. */
export const sentenceInWords = (alert: Pick<LiveAlert, 'sentence' | 'device' | 'ts'> & { hosts?: string[] }): string =>
  inOwnZone(alert.sentence, alert.ts).replace(alert.device, () => deviceInWords(alert));
