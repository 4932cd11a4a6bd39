/** The outcome of protocol `field` for a reader: each miss, misnaming and false alert a line. */
import { basename } from 'node:path';
import type { FieldResult } from './field.ts';

/** What went wrong with a file, a line each. */
export function fieldLines(result: FieldResult): string[] {
  const { home, noticed, named, culprit_right, false_alerts, verdict, kind, alerts } = result;
  const where = `${basename(result.file)}${home === undefined ? '' : ` (${home})`}`;
  const lines = false_alerts.map(({ kind, severity, sentence }) => `false ${where}: ${severity} ${kind}: ${sentence}`);
  if (!verdict) lines.push(`no verdict ${where}: ${result.error}`);
  if (noticed === false) {
    const other = alerts.length > 0 ? ` (told of others: ${alerts.map(({ sentence }) => sentence).join(' ')})` : '';
    lines.push(`missed ${where}: ${result.class ?? ''}${other}`);
  } else if (named === false) lines.push(`misnamed ${where}: ${kind}`);
  if (culprit_right === false)
    lines.push(`wrong culprit ${where}: ${alerts.map(({ sentence }) => sentence).join(' ')}`);
  return lines;
}
