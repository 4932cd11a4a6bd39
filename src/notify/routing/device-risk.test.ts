import { expect, test } from 'vitest';
import { DeviceRisks, type OpenAlert } from './device-risk.ts';

const alert = (id: string, severity: OpenAlert['severity'], address = '02:00:00:00:00:01'): OpenAlert => ({
  id,
  severity,
  address,
  device: 'Hall camera',
  kind: 'scan',
  sentence: `Sentence of ${id}.`,
  ts: 1_792_152_000,
});

test('the worst open alert is the risk, and it falls as alerts are looked after', () => {
  const standing = new DeviceRisks();
  const [bad, worse] = [alert('a', 'Medium'), alert('b', 'Critical')];
  expect(standing.open(bad)).toMatchObject({ severity: 'Medium', sentence: 'Sentence of a.' });
  expect(standing.open(worse)).toMatchObject({ severity: 'Critical', kind: 'scan', since: 1_792_152_000 });
  expect(standing.open({ ...bad, severity: 'High' })).toMatchObject({ severity: 'Critical' });
  expect(standing.close(worse)).toMatchObject({ severity: 'High', sentence: 'Sentence of a.' });
  expect(standing.close(worse)).toMatchObject({ severity: 'High' });
  expect(standing.close(bad)).toEqual({
    address: bad.address,
    device: 'Hall camera',
    severity: null,
    kind: null,
    sentence: null,
    since: null,
  });
});

test('devices stand for themselves, under their newest name', () => {
  const standing = new DeviceRisks();
  standing.open(alert('a', 'High'));
  expect(standing.of('02:00:00:00:00:02', 'Other')).toMatchObject({ severity: null });
  expect(standing.of('02:00:00:00:00:01', 'Renamed')).toMatchObject({ severity: 'High', device: 'Renamed' });
  standing.forget('02:00:00:00:00:01');
  expect(standing.of('02:00:00:00:00:01', 'Renamed')).toMatchObject({ severity: null });
});

test('what is remembered of a device that never stops is bounded', () => {
  const standing = new DeviceRisks();
  standing.open(alert('first', 'Critical'));
  for (let i = 0; i < 100; i++) standing.open(alert(`${i}`, 'Low'));
  expect(standing.of('02:00:00:00:00:01', 'x')).toMatchObject({ severity: 'Low' });
});
