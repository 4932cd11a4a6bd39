/** Describes what was left out of a scan. */
import type { ScanOutcome } from '../api/port/scanner.ts';
import type { SourceStats } from '../source/source.ts';

/** Rejected units of a source as the `skipped` of a result. */
export function skippedOf(stats: SourceStats): ScanOutcome['skipped'] {
  const rows = Object.values(stats.rejected).reduce((sum, count) => sum + count, 0);
  return { rows, reasons: stats.rejected, lines: stats.rejectedLines };
}

/** "row.not_a_number" reads "not a number". */
export const reasonInWords = (reason: string): string => reason.slice(reason.indexOf('.') + 1).replaceAll('_', ' ');
