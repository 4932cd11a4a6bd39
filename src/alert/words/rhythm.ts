import { FASTER } from '../../detector/deviation.ts';
import type { FindingOf } from '../../detector/finding.ts';
import { counted, lasting } from '../fact.ts';
import { clock, count, duration } from './phrase.ts';
import { detailsOf, statistical } from './unusual.ts';

/** The forecaster knows how fast packets should have come. */
function pace(finding: FindingOf<'rhythm'>): string {
  const { faster, seconds, to } = finding.evidence;
  const at = `at ${clock(finding.since)} UTC`;
  if (faster === undefined || faster < FASTER) {
    const other = to === undefined ? '' : ` with ${to}`;
    return `exchanges packets${other} in an unusual rhythm ${at}${detailsOf(finding)}`;
  }
  const last = duration(Math.max(1, seconds ?? 1));
  const times = count(Math.round(faster), 'time');
  return `sends packets ${times} faster than predicted for the last ${last} ${at}${detailsOf(finding)}`;
}

export const rhythm = statistical<'rhythm'>({
  title: 'Unusual rhythm',
  telling: 2,
  describe: pace,
  facts: ({ faster, seconds }) => [
    ...(faster === undefined ? [] : [counted('Faster than predicted, times', faster)]),
    ...(seconds === undefined ? [] : [lasting('Within', seconds)]),
  ],
});
