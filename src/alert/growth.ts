/** Whether a finding says more than what was told of the same thing: an alert says what happened so far. */
import type { Finding } from '../detector/finding.ts';

/** Evidence that goes on being counted while an episode lasts. */
const COUNTS = [
  'addresses',
  'answers',
  'attempts',
  'bytes',
  'bytes_in',
  'bytes_out',
  'callers',
  'calls',
  'changed',
  'claims',
  'connections',
  'events',
  'failed',
  'messages',
  'names',
  'open',
  'packets',
  'ports',
  'refused',
  'times',
  'topics',
] as const;
/** What tells apart two things of one kind. */
const MARKS = ['domain', 'inside', 'proto', 'protocol', 'sized', 'unit', 'what'] as const;
/** Less is not worth saying: words are written a few hundred times at most, however large it gets. */
const GROWTH = 1.01;

/** A moment longer is not worth saying either. */
const LONGER = 1.05;
const lasts = (before: Numbers, after: Numbers): boolean =>
  Number(after.seconds ?? 0) > LONGER * Number(before.seconds ?? 0);

type Numbers = Readonly<Record<string, number | string | undefined>>;

export function hasGrown(told: Finding, now: Finding): boolean {
  // A count that began anew says less than the alert, which began before.
  if (told.kind !== now.kind || now.since > told.since) return false;
  // A scan that goes on turns from one address to many.
  if (told.kind !== 'scan' && told.target?.address !== now.target?.address) return false;
  const [before, after] = [told.evidence as Numbers, now.evidence as Numbers];
  if (MARKS.some((mark) => before[mark] !== after[mark])) return false;
  // Of two rules for one kind each has numbers of its own.
  if (COUNTS.some((key) => key in before && !(key in after))) return false;
  if (COUNTS.some((key) => Number(after[key] ?? 0) > GROWTH * Number(before[key] ?? 0))) return true;
  // It lasts, though no number grows; less than before is another count.
  return lasts(before, after) && COUNTS.every((key) => !(Number(after[key]) < Number(before[key])));
}
