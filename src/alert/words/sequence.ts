import type { FindingOf } from '../../detector/finding.ts';
import { counted, moment } from '../fact.ts';
import { clock } from './phrase.ts';
import { detailsOf, statistical } from './unusual.ts';

/** The autoencoder saw a row of connections; the profile, one. */
function order(finding: FindingOf<'sequence'>): string {
  const { since } = finding;
  const { first, last, of, from_ts, to_ts, to } = finding.evidence;
  if (of === undefined) {
    const other = to === undefined ? '' : ` with ${to}`;
    return `made a connection${other} at ${clock(since)} UTC that is unlike its usual ones${detailsOf(finding)}`;
  }
  const which = first === last ? `connection ${first}` : `connections ${first} to ${last}`;
  const [begin, end] = [clock(from_ts ?? since), clock(to_ts ?? since)];
  const time = begin === end ? `at ${begin} UTC` : `from ${begin} to ${end} UTC`;
  return `makes connections in an order never seen (${which} of ${of}, ${time})${detailsOf(finding)}`;
}

export const sequence = statistical<'sequence'>({
  title: 'Unusual order of connections',
  telling: 2,
  describe: order,
  facts: ({ first, last, of, from_ts, to_ts }) =>
    of === undefined || first === undefined || last === undefined
      ? []
      : [
          counted('First of the connections', first),
          counted('Last of the connections', last),
          counted('Out of', of),
          ...(from_ts === undefined ? [] : [moment('From', from_ts)]),
          ...(to_ts === undefined ? [] : [moment('Until', to_ts)]),
        ],
});
