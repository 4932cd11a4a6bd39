import { expect, it } from 'vitest';
import { MOST_DETAILS, WindowVerdicts } from './window-verdicts.ts';

const nothing = { rows: '', sample_data: { orig_pkts: 0, resp_pkts: 0, orig_bytes: 0, resp_bytes: 0 } };

it('lists the strongest of very many anomalous windows in order, and counts all', () => {
  const total = 5 * MOST_DETAILS;
  const verdicts = new WindowVerdicts(0.5, total);
  for (let i = 0; i < total; i++) if (verdicts.add(1 + ((i * 7919) % total), -1)) verdicts.list(nothing);
  const { details } = verdicts;
  expect([verdicts.anomalies, details.length]).toEqual([total, MOST_DETAILS]);
  expect(Math.min(...details.map(({ error }) => error))).toBe(1 + total - MOST_DETAILS);
  expect(details.map(({ sequence_id }) => sequence_id)).toEqual(
    details.map(({ sequence_id }) => sequence_id).sort((a, b) => a - b),
  );
  expect(verdicts.metrics).toBeNull();
});

it('thins the line to the highest of each stretch', () => {
  const verdicts = new WindowVerdicts(10, 100);
  for (let i = 0; i < 100; i++) verdicts.add(i === 42 ? 9 : 1, -1);
  expect(verdicts.peaks(4)).toEqual(
    [0, 42, 50, 75].map((sequence_id) => ({ sequence_id, error: sequence_id === 42 ? 9 : 1 })),
  );
  expect(verdicts.peaks(1000)).toHaveLength(100);
});
