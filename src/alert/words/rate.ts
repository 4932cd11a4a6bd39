import { type Deviation, SILENT } from '../../detector/deviation.ts';
import type { FindingOf } from '../../detector/finding.ts';
import { clock } from './phrase.ts';
import { detailsOf, statistical } from './unusual.ts';

/** Amounts of ten minutes. */
function amounts(finding: FindingOf<'rate'>): string {
  const { deviations = [], evidence, since } = finding;
  const at = `${clock(since)} UTC`;
  const who = evidence.compared_with === 'house' ? 'this house' : 'it';
  const isSilent = ({ feature, ...rest }: Deviation): boolean =>
    feature === 'time_of_day' && 'share' in rest && rest.share < SILENT;
  return deviations.some(isSilent)
    ? `was active at ${at}, when ${who} is usually silent${detailsOf(finding)}`
    : `sends and receives unusual amounts in the ten minutes until ${at}${detailsOf(finding)}`;
}

export const rate = statistical<'rate'>({ title: 'Unusual amounts', telling: 3, describe: amounts, facts: () => [] });
