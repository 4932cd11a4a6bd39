import { describe, expect, it } from 'vitest';
import type { Alert } from './alert.ts';
import { type AnomalousWindow, formatBytes, SequenceEpisodes, type UsualTraffic } from './sequence.ts';

const window = (row: number, error: number, ts = row * 60): AnomalousWindow => ({
  row,
  rows: 10,
  error,
  ts,
  end_ts: ts === 0 ? 0 : ts + 60,
  uids: Array.from({ length: 10 }, (_, i) => `C${row + i}`),
  packets: 10,
  bytes: 2_500_000,
});
function sequenceAlerts(device: string, windows: AnomalousWindow[], past: UsualTraffic, threshold: number): Alert[] {
  const episodes = new SequenceEpisodes();
  for (const one of windows) episodes.add(one);
  return episodes.alerts(device, device, past, threshold);
}
const usual = { windows: 50, packets: 9, bytes: 1200 };

describe('alerts of the published detector', () => {
  it('join overlapping windows and say what differs from the usual', () => {
    const [alert, ...others] = sequenceAlerts('Plug', [window(5, 0.3), window(6, 0.5), window(9, 0.25)], usual, 0.2);
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ kind: 'sequence', severity: 'Critical', flows: 14, ts: 300, device: 'Plug' });
    expect(alert.sentence).toBe(
      'Plug: 14 connections that follow no usual order: 2.5 MB each on average, where 1.2 kB is usual.',
    );
    expect(alert.uids).toHaveLength(14);
    expect(alert.confidence).toBeCloseTo(0.8, 5);
  });

  it('start a new one after a quiet hour, count connections once and keep time-less logs by rows', () => {
    const apart = [window(1, 0.3, 1000), window(40, 0.3, 3000), window(90, 0.3, 9000)];
    expect(sequenceAlerts('Plug', apart, usual, 0.2).map(({ flows }) => flows)).toEqual([20, 10]);
    const timeless = [window(1, 0.3, 0), window(40, 0.3, 0)];
    expect(sequenceAlerts('Plug', timeless, usual, 0.2)).toHaveLength(2);
  });

  it('are none where nothing differs that a person would see', () => {
    const alike = Array.from({ length: 50 }, (_, i) => ({ ...window(i, 0.3), packets: 9, bytes: 1230 }));
    expect(sequenceAlerts('Plug', alike, usual, 0.2)).toEqual([]);
    const odd = { ...window(50, 0.9), packets: 9, bytes: 4000 };
    expect(sequenceAlerts('Plug', [...alike, odd], usual, 0.2).map(({ sentence }) => sentence)).toEqual([
      'Plug: 60 connections that follow no usual order; in the most unusual 10 of them 4 kB each on average, where 1.2 kB is usual.',
    ]);
  });

  it('admit that there is nothing to compare with', () => {
    const [alert] = sequenceAlerts('Plug', [window(1, 0.21)], { windows: 0, packets: 0, bytes: 0 }, 0.2);
    expect(alert.sentence).toContain('nothing ordinary');
    expect(alert.severity).toBe('Low');
    expect(alert.meaning).toContain('probably harmless');
  });
});

describe('formatBytes', () => {
  it('uses decimal units with two digits', () => {
    expect([0, 999, 1200, 12_345, 123_456, 1.4e9].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.2 kB',
      '12 kB',
      '123 kB',
      '1.4 GB',
    ]);
  });
});
