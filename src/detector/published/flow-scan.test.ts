import { describe, expect, it } from 'vitest';
import type { Conn } from '../../flow/conn.ts';
import { createPublishedFlowScan } from './flow-scan.ts';

const conn = (i: number, label: string | null = null): Conn =>
  ({
    ts: 100 + i,
    uid: `C${i}`,
    duration: 2,
    orig_pkts: i,
    resp_pkts: 1,
    orig_bytes: 10 * i,
    resp_bytes: null,
    label,
  }) as Conn;

describe('the published flow detector', () => {
  it('makes rows - 10 windows a stream and keeps streams apart', () => {
    const scan = createPublishedFlowScan();
    for (let i = 0; i < 50; i++) scan.push(conn(i), i % 2 ? 'a' : 'b');
    const scored = [...scan.score((_, count) => new Float32Array(count).fill(1))];
    expect(scored.map(({ stream }) => stream).filter((stream) => stream === 'a')).toHaveLength(15);
    expect(scored).toHaveLength(30);
    expect(scan.describe('a', 0).uids).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19].map((i) => `C${i}`));
    expect(scan.sample('a', 1)).toEqual({ orig_pkts: 3, resp_pkts: 1, orig_bytes: 30, resp_bytes: 0 });
  });

  it('hands out standardised windows that overlap by nine rows', () => {
    const scan = createPublishedFlowScan();
    for (let i = 0; i < 30; i++) scan.push(conn(i), 'file');
    const [{ values, count }] = [...scan.windows(scan.fitScaler())];
    expect(count).toBe(20);
    expect(values.subarray(4, 40)).toEqual(values.subarray(40, 76));
    // 0..29 has mean 14.5 and population standard deviation sqrt((30² - 1) / 12).
    expect(values[0]).toBeCloseTo(-14.5 / Math.sqrt(899 / 12), 5);
    // A constant column is shifted only.
    expect(values[1]).toBe(0);
  });

  it('labels a window as its newest row and describes its flows', () => {
    const scan = createPublishedFlowScan(3);
    const given = ['benign', 'Benign', 'malicious', 'Background', 'benign'];
    for (const [i, label] of given.entries()) scan.push(conn(i, label), 'file');
    const labels = [...scan.score((_, count) => new Float32Array(count))].map(({ label }) => label);
    expect(labels).toEqual([1, -1]);
    expect(scan.describe('file', 0)).toEqual({ uids: ['C0', 'C1', 'C2'], ts: 100, end_ts: 104, packets: 2, bytes: 10 });
  });

  it('refuses a flow without packet counts', () => {
    const scan = createPublishedFlowScan();
    expect(scan.push({ ...conn(1), orig_pkts: null }, 'file')).toBe(false);
    expect(scan.rows).toBe(0);
  });
});
