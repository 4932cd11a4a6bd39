/** What of the file could not be used: never silently. */
import type { ScanReport } from '../../../src/api/contract.ts';
import { formatCount, plural } from '../format.ts';
import { Note } from '../part/state.tsx';

/** "row.not_a_number" reads "not a number". */
const inWords = (reason: string): string => reason.slice(reason.indexOf('.') + 1).replaceAll('_', ' ');

export function ReadingNotes({ scan: { truncated, skipped } }: { scan: ScanReport }) {
  const reasons = Object.entries(skipped.reasons).map(
    ([reason, count]) => `${inWords(reason)} (${formatCount(count)})`,
  );
  return (
    <>
      {truncated && <Note>The file ends in the middle of a packet or record. What came before was analysed.</Note>}
      {skipped.rows > 0 && (
        <Note>
          {plural(skipped.rows, 'record')} could not be used and {skipped.rows === 1 ? 'was' : 'were'} left out
          {reasons.length > 0 && `: ${reasons.join(', ')}`}.
          {skipped.lines.length > 0 && ` First in line ${skipped.lines.join(', ')}.`}
        </Note>
      )}
      {skipped.untimed !== undefined && (
        <Note>
          {plural(skipped.untimed, 'record')} {skipped.untimed === 1 ? 'does' : 'do'} not say when{' '}
          {skipped.untimed === 1 ? 'it was, or tells' : 'they were, or tell'} of sampled packets: scans, floods, beacons
          and other rates were not looked for in them.
        </Note>
      )}
    </>
  );
}
