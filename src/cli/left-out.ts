/** What a reader left out, or read although it was not as it should be: said without being asked. */
import { AppError } from '../errors.ts';
import { reasonInWords } from '../scan/scan-result.ts';
import type { SourceStats } from '../source/source.ts';

/** Oddities of the file itself, in words; those of the traffic are for `--stats`. */
const oddities: Readonly<Record<string, string>> = {
  'capture.longer_than_original': 'a frame is longer than it says, by a check sequence',
  'capture.longer_than_snaplen': 'a record is longer than the snapshot length of the file',
  'capture.nanoseconds_as_microseconds': 'the file says microseconds and counts nanoseconds: read so',
  'capture.joined_files': 'further capture files behind the first: all were read',
  'netflow.sampled': 'a flow was counted by a sample of its packets: its counts are estimates',
  'sflow.sampled': 'a sampled packet stands for many: its counts are estimates',
  'netflow.export_time': 'a flow has no time but that of its export, which feeds no rule about rates',
  'argus.sides_unknown': 'a flow has no counts of its sides: ra prints them with -s +spkts,+dpkts,+sbytes,+dbytes',
  'row.ambiguous_date': 'a date could be two days and is no time: name its order with --dates',
  'row.unreadable_time': 'a time could not be read',
  'capture.out_of_order': 'a packet stands behind a later one: all were taken in the order of the file, as by Zeek',
  'capture.text_before': 'text before the capture was passed over',
};

const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((all, count) => all + count, 0);

/** Sentences for standard error about a file that was read. */
export function leftOutNotes(name: string, { offered, rejected, weirds }: SourceStats): string[] {
  const notes: string[] = [];
  const out = sum(rejected);
  if (out > 0) {
    const reasons = Object.entries(rejected)
      .sort(([, a], [, b]) => b - a)
      .map(([reason, count]) => `${reasonInWords(reason)} (${count})`);
    notes.push(`${name}: ${out} of ${offered} records were left out: ${reasons.join(', ')}.`);
  }
  for (const [weird, words] of Object.entries(oddities)) {
    const count = weirds[weird] ?? 0;
    if (count > 0) notes.push(`${name}: ${words}${count > 1 ? ` (${count} times)` : ''}.`);
  }
  return notes;
}

/** A file of which nothing could be used is an error; null where something could, or there was nothing. */
export function allLeftOut(file: string, { offered, rejected }: SourceStats): AppError | null {
  const out = sum(rejected);
  if (offered === 0 || out < offered) return null;
  const [[worst]] = Object.entries(rejected).sort(([, a], [, b]) => b - a);
  return new AppError('all_left_out', { file, records: offered, reason: reasonInWords(worst) });
}
