import { expect, test } from 'vitest';
import type { Alert, ScanReport } from '../../../src/api/contract.ts';
import * as verdict from './verdict.ts';

const detail = (error: number, rows: string, device?: string) => ({ error, rows, ...(device && { device }) });
const scan = (change: object): ScanReport =>
  ({
    ...{ preset: 'guardian', threshold: 0.02, total_samples: 40, anomalies_count: 0, records: 120 },
    ...{ details: [], devices: [], skipped: { rows: 20 } },
    ...change,
  }) as unknown as ScanReport;
const homes = { devices: [{ flows: 30 }, { flows: 12 }] };

test('the worst alert is the heading, and of two as bad the first', () => {
  const alert = (severity: string, ts: number) => ({ severity, ts }) as Alert;
  const sorted = [alert('Low', 1), alert('Critical', 9), alert('Critical', 3)].sort(verdict.compareAlerts);
  expect(sorted.map(({ ts }) => ts)).toEqual([3, 9, 1]);
});

test('a heading needs only the beginning of a long name', () => {
  const device = 'x'.repeat(90);
  const said = verdict.describeAlert({ device, sentence: `${device} scans.` } as Alert);
  expect(said).toBe(`${'x'.repeat(60)}… scans.`);
});

test('what was looked at is counted in connections, or in records where there is no device', () => {
  expect(verdict.describeCalm(scan(homes))).toContain('in 42 connections of 2 devices');
  expect(verdict.describeCalm(scan({}))).toContain('in 100 records');
});

test('windows decide where nothing else can, or where they were asked for', () => {
  expect(verdict.publishedDecides(scan({}))).toBe(true);
  expect(verdict.publishedDecides(scan(homes))).toBe(false);
  expect(verdict.publishedDecides(scan({ ...homes, preset: 'published' }))).toBe(true);
});

test('the strongest window is said with how far above the threshold it lies', () => {
  const { describeStrongest: say } = verdict;
  expect(say(scan({ total_samples: 0 }))).toContain('No device has enough connections');
  expect(say(scan({}))).toBe('All 40 windows follow the usual order.');
  const details = [detail(0.03, '1-10'), detail(0.5, '7-16', '10.0.0.7')];
  expect(say(scan({ details }))).toContain('rows 7-16 of 10.0.0.7, has an error of 25 times the threshold');
  expect(say(scan({ details, threshold: 0 }))).toBe('The strongest is in rows 7-16 of 10.0.0.7.');
});

test('the length of a window is told by its rows', () => {
  expect(verdict.describeWindows(scan({}))).toBe('windows of connections');
  expect(verdict.describeWindows(scan({ details: [detail(1, '0-10')] }))).toBe('windows of ten connections');
  expect(verdict.describeWindows(scan({ details: [detail(1, '0-60')] }))).toBe('windows of 60 connections');
});
