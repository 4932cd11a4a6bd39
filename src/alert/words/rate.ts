import type { Rare } from '../../detector/deviation.ts';
import type { FindingOf } from '../../detector/finding.ts';
import { clock, percent } from './phrase.ts';
import { allOf, detailsOf, statistical } from './unusual.ts';

/** Below it a device is usually silent at that time: a quarter of what an even spread over the day would give. */
const SILENT = 0.02;

/** Amounts of ten minutes. */
function amounts(finding: FindingOf<'rate'>): string {
  const { deviations = [], evidence, since } = finding;
  const time = deviations.find((deviation): deviation is Rare => deviation.feature === 'time_of_day');
  const named = detailsOf(finding);
  const at = `${clock(since)} UTC`;
  const who = evidence.compared_with === 'house' ? 'this house' : 'it';
  if (time && time.share < SILENT)
    return `was active at ${at}, when ${who} is usually silent${named === '' ? '' : `: ${named}`}`;
  if (time && named === '')
    return `sends and receives at ${at} what is usual only at other times of the day; ${percent(time.share)} of the past is within an hour of it`;
  return `sends and receives unusual amounts in the ten minutes until ${at}: ${allOf(finding)}`;
}

export const rate = statistical<'rate'>({ title: 'Unusual amounts', telling: 3, describe: amounts, facts: () => [] });
