import { describe, expect, it } from 'vitest';
import type { Conn } from '../../flow/conn.ts';
import { StreamRows } from './flow-rows.ts';

const conn = (i: number): Conn =>
  ({
    ts: i,
    uid: `C${i}ä`,
    duration: 1,
    orig_pkts: i,
    resp_pkts: 1,
    orig_bytes: 0,
    resp_bytes: 0,
    label: null,
  }) as Conn;

describe('rows of streams', () => {
  it('a flood of short streams gives way, oldest first, and what was long enough stays', () => {
    const rows = new StreamRows(3, { streams: 100, flows: 1e6 });
    for (let i = 0; i < 5; i++) rows.push(conn(i), 'household');
    for (let i = 0; i < 50_000; i++) rows.push(conn(i), `made up ${i}`);
    for (let i = 0; i < 5; i++) rows.push(conn(70_000 + i), 'late');
    expect(rows.leftOut).toEqual({ streams: 50_000 - 98, flows: 0 });
    expect(rows.length).toBe(10 + 98);
    const places = [...rows.places()];
    expect([places[0], places.at(-1)]).toMatchObject([
      { name: 'household', count: 5 },
      { name: 'late', count: 5 },
    ]);
    expect([0, 1, 2, 3, 4].map((row) => rows.uidOf(rows.rowOf('late', row)))).toEqual(
      [0, 1, 2, 3, 4].map((i) => `C${70_000 + i}ä`),
    );
    expect(rows.values[rows.rowOf('made up 49999', 0) * 4]).toBe(49_999);
  });

  it('takes no more flows than it may, and counts the rest', () => {
    const rows = new StreamRows(3, { streams: 100, flows: 1500 });
    for (let i = 0; i < 2000; i++) expect(rows.push(conn(i), 'file')).toBe(true);
    expect([rows.length, rows.leftOut]).toEqual([1500, { streams: 0, flows: 500 }]);
  });
});
