/** Messages through a collector of their own, with the account checked. */
import { expect } from 'vitest';
import type { Conn } from '../../src/flow/conn.ts';
import { Tally } from '../../src/source/column/tally.ts';
import { Collector } from '../../src/source/netflow/collector.ts';
import type { SourceStats } from '../../src/source/source.ts';
import { Rows } from '../../src/source/text/rows.ts';

export function collect(
  messages: readonly Uint8Array[],
  exporter: (i: number) => string = () => 'a',
): { conns: Conn[]; stats: SourceStats } {
  const conns: Conn[] = [];
  const tally = new Tally('netflow');
  const collector = new Collector(new Rows('test', tally, (conn) => conns.push(conn)));
  for (const [i, message] of messages.entries()) collector.message(message, exporter(i));
  collector.flush();
  const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);
  expect(tally.stats.offered).toBe(tally.stats.parsed + sum(tally.stats.rejected) + sum(tally.stats.dropped));
  expect(conns.length).toBe(tally.stats.parsed);
  return { conns, stats: tally.stats };
}
