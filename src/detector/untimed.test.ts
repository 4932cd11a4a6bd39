/** Records that say not when they were: no rule about rates may take them for a burst. */
import { expect, test } from 'vitest';
import type { Conn } from '../flow/conn.ts';
import { unsetConn } from '../source/column/conn-fields.ts';
import { BlockList } from './behaviour/reach/block-list.ts';
import { Engine } from './engine.ts';
import type { Finding } from './finding.ts';

const START = 1_772_470_800;

/** A port scan and a flood in one: 3,000 unanswered SYNs. */
const probe = (i: number, changes: Partial<Conn>): Conn => ({
  ...unsetConn(`C${i}`),
  ...{ id_orig_h: '192.168.1.7', id_resp_h: `192.168.1.${1 + (i % 200)}`, id_orig_p: 40_000, id_resp_p: i },
  ...{ proto: 'tcp', conn_state: 'S0', orig_pkts: 1, resp_pkts: 0, orig_bytes: 0, resp_bytes: 0 },
  ...changes,
});

function findings(changes: (i: number) => Partial<Conn>): Finding[] {
  const found: Finding[] = [];
  const lists = [new BlockList('mine.txt', '203.0.113.9')];
  const engine = new Engine({ report: (finding) => found.push(finding), blockLists: { lists } });
  engine.learning = false;
  for (let i = 0; i < 3000; i++) engine.conn(probe(i, changes(i)));
  engine.tick(START + 600);
  return found;
}

test('rates are looked for in records with times alone', () => {
  expect(findings((i) => ({ ts: START + i / 100 })).length).toBeGreaterThan(0);
  expect(findings(() => ({ ts: null }))).toEqual([]);
  expect(findings(() => ({ ts: START, coarse_ts: true }))).toEqual([]);
});

test('they do not move the clock of the others', () => {
  const timed = findings((i) => ({ ts: START + i / 100 }));
  const mixed = findings((i) => (i % 2 === 0 ? { ts: START + i / 100 } : { ts: START + 86_400, coarse_ts: true }));
  expect(mixed.length).toBeGreaterThan(0);
  expect(mixed[0].kind).toBe(timed[0].kind);
});

test('what asks only who spoke with whom needs no time', () => {
  const found = findings((i) => (i === 5 ? { ts: START, coarse_ts: true, id_resp_h: '203.0.113.9' } : { ts: null }));
  expect(found).toMatchObject([{ detector: 'block-list', ts: START }]);
});
