/** The account of a run for `--stats`: what was offered and what became of it, by layer, and how fast. */
import type { RunStats } from '../source/read-conns.ts';
import { printable, renderTable } from './terminal.ts';

const sum = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

/** Every run asserts that offered = parsed + rejected + dropped; the line `account` shows it. `file` where it is one of many. */
export function renderStats(stats: RunStats, connections: number, seconds: number, file?: string): string {
  const { format, bytes, offered, parsed, rejected, dropped, layers, weirds, evictedEmergency } = stats;
  const counts = (title: string, values: Record<string, number> = {}): [string, string | number][] =>
    Object.entries(values).map(([name, count]) => [`${title} ${name}`, count]);
  const unit = layers === undefined ? 'records' : 'packets';
  const rows: [string, string | number][] = [
    ...(file === undefined ? [] : [['file', printable(file)] as [string, string]]),
    ['format', format],
    ['bytes', bytes],
    ['offered', offered],
    ['parsed', parsed],
    ...counts('rejected', rejected),
    ...counts('dropped', dropped),
    ['account', `${offered} = ${parsed} + ${sum(rejected)} + ${sum(dropped)}`],
    ...counts('layer', layers),
    ...counts('weird', weirds),
    ['connections', connections],
    ...(evictedEmergency ? [['evicted early, table full', evictedEmergency] as [string, number]] : []),
    ['seconds', seconds.toFixed(3)],
    [`${unit}/s`, Math.round(offered / seconds)],
  ];
  return renderTable(
    ['what', 'count'],
    rows.map(([name, value]) => [name, String(value)]),
  );
}
