import { expect, test } from 'vitest';
import type { NotificationRule } from '../../../src/api/contract.ts';
import { ruleInWords } from './rule-words.ts';

const rule: NotificationRule = {
  ...{ minSeverity: 'Low', kinds: [], devices: [], channels: ['*'], escalate: [] },
  ...({ digest: undefined, quietHours: undefined } as Partial<NotificationRule>),
} as NotificationRule;
const say = (change: Partial<NotificationRule>): string => ruleInWords({ ...rule, ...change });

test('a rule that asks for nothing sends everything at once', () => {
  expect(say({})).toBe('Everything, to every channel, at once.');
});

test('what, how bad, whose and to whom', () => {
  const change = {
    minSeverity: 'High',
    kinds: ['scan', 'flood'],
    devices: ['TV'],
    channels: ['phone', 'mail'],
  } as const;
  expect(say(change as unknown as Partial<NotificationRule>)).toBe(
    'Only scanning and flood from High up of TV, to phone and mail, at once.',
  );
  expect(say({ minSeverity: 'Critical' })).toContain('Everything that is Critical');
});

test('together by the hour, the day and the week', () => {
  const digest = (value: unknown): string => say({ digest: value } as Partial<NotificationRule>);
  expect(digest({ every: 'hour', at: '00:05' })).toContain('every hour at minute 5');
  expect(digest({ every: 'day', at: '08:00' })).toContain('every day at 08:00');
  expect(digest({ every: 'week', day: 'mon', at: '08:00' })).toContain('every Monday at 08:00');
});

test('quiet hours, and who is told when nobody reacts', () => {
  const quietHours = { from: '22:00', to: '07:00', days: ['sat', 'sun'], afterwards: 'deliver' };
  expect(say({ quietHours } as unknown as Partial<NotificationRule>)).toContain(
    'at once; from 22:00 to 07:00 (Sat, Sun) it waits until the end',
  );
  expect(say({ escalate: [{ afterMinutes: 15, channels: ['mail'] }] })).toMatch(
    /After 15 minutes without a reaction mail as well\.$/,
  );
});
