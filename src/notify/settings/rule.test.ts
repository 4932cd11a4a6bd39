import { describe, expect, test } from 'vitest';
import { newSubject } from '../../../test/conformance/notify/subject.ts';
import { formatTime, localTime, nextAt } from '../message/local-time.ts';
import { RateLimit } from '../routing/rate-limit.ts';
import { routeSubject } from '../routing/route.ts';
import { parseRetryAfter, pauseAfter } from '../transport/retry.ts';
import { digestDue, quietUntil, ruleSchema } from './rule.ts';
import { notificationSettingsSchema } from './settings.ts';

const berlin = 'Europe/Berlin';
/** Local time in Berlin on a day of 2026, as the zone has it. */
const at = (iso: string): number => Date.parse(iso);
const quiet = (quietHours: Record<string, unknown>) => ruleSchema.parse({ name: 'r', quietHours });

describe('the owner’s clock', () => {
  test('shows local time', () => {
    expect(formatTime(at('2026-01-05T23:30:00Z') / 1000, berlin)).toMatch(/^2026-01-06 00:30 (CET|GMT\+1)$/);
    expect(localTime(at('2026-01-05T23:30:00Z'), berlin)).toEqual({ minutes: 30, weekday: 'tue' });
  });

  test('finds the next time of day, through both changes of summer time', () => {
    expect(nextAt(at('2026-03-28T22:00:00Z'), berlin, 7 * 60)).toBe(at('2026-03-29T05:00:00Z'));
    expect(nextAt(at('2026-10-24T21:00:00Z'), berlin, 7 * 60)).toBe(at('2026-10-25T06:00:00Z'));
    // 02:30 does not exist on 29 March: the clock goes from 02:00 to 03:00.
    const gap = nextAt(at('2026-03-28T22:00:00Z'), berlin, 150);
    expect(Math.abs(gap - at('2026-03-29T01:00:00Z'))).toBeLessThanOrEqual(3_600_000);
  });

  test('is strictly later, and on the day that is asked for', () => {
    const eight = at('2026-06-01T06:00:00Z');
    expect(nextAt(eight, berlin, 480)).toBe(eight + 86_400_000);
    expect(nextAt(eight - 1, berlin, 480)).toBe(eight);
    expect(nextAt(eight, berlin, 480, 'wed')).toBe(eight + 2 * 86_400_000);
    expect(nextAt(eight, berlin, 480, 'mon')).toBe(eight + 7 * 86_400_000);
  });
});

describe('quiet hours', () => {
  test('over midnight', () => {
    const rule = quiet({ from: '22:00', to: '07:00' });
    expect(quietUntil(rule, at('2026-06-01T19:59:59Z'), berlin)).toBeNull();
    expect(quietUntil(rule, at('2026-06-01T20:00:00Z'), berlin)).toBe(at('2026-06-02T05:00:00Z'));
    expect(quietUntil(rule, at('2026-06-02T04:59:59Z'), berlin)).toBe(at('2026-06-02T05:00:00Z'));
    expect(quietUntil(rule, at('2026-06-02T05:00:00Z'), berlin)).toBeNull();
  });

  test('on some days: the hours after midnight belong to the evening before', () => {
    const rule = quiet({ from: '22:00', to: '07:00', days: ['fri'] });
    expect(quietUntil(rule, at('2026-06-05T21:00:00Z'), berlin)).not.toBeNull();
    expect(quietUntil(rule, at('2026-06-06T03:00:00Z'), berlin)).not.toBeNull();
    expect(quietUntil(rule, at('2026-06-06T21:00:00Z'), berlin)).toBeNull();
    expect(quietUntil(rule, at('2026-06-05T03:00:00Z'), berlin)).toBeNull();
  });

  test('within a day', () => {
    const rule = quiet({ from: '13:00', to: '14:30' });
    expect(quietUntil(rule, at('2026-06-01T11:00:00Z'), berlin)).toBe(at('2026-06-01T12:30:00Z'));
    expect(quietUntil(rule, at('2026-06-01T12:30:00Z'), berlin)).toBeNull();
    expect(quietUntil(ruleSchema.parse({ name: 'r' }), 0, berlin)).toBeNull();
  });
});

test('digests are due by the hour, the day and the week', () => {
  const due = (digest: Record<string, unknown>, now: string, zone = berlin): string =>
    new Date(digestDue(ruleSchema.parse({ name: 'r', digest }).digest!, at(now), zone)).toISOString();
  expect(due({ every: 'hour', at: '08:15' }, '2026-06-01T11:15:00Z')).toBe('2026-06-01T12:15:00.000Z');
  expect(due({ every: 'hour', at: '08:15' }, '2026-06-01T11:14:59Z')).toBe('2026-06-01T11:15:00.000Z');
  expect(due({ every: 'hour', at: '08:00' }, '2026-06-01T11:00:00Z', 'Asia/Kolkata')).toBe('2026-06-01T11:30:00.000Z');
  expect(due({}, '2026-06-01T11:00:00Z')).toBe('2026-06-02T06:00:00.000Z');
  expect(due({ every: 'week', day: 'sun' }, '2026-06-01T11:00:00Z')).toBe('2026-06-07T06:00:00.000Z');
});

test('of two rules for a channel the sooner wins, and each channel is told once', () => {
  const rules = [
    { name: 'digest', digest: { at: '20:00' } },
    { name: 'now', channels: ['a'] },
  ].map((rule) => ruleSchema.parse(rule));
  const { routes } = routeSubject(newSubject(), rules, ['a', 'b'], at('2026-06-01T11:00:00Z'), berlin);
  expect(routes.map(({ channel, rule, later }) => [channel, rule, later?.reason])).toEqual([
    ['a', 'now', undefined],
    ['b', 'digest', 'digest'],
  ]);
});

test('settings that contradict themselves are refused where they stand', () => {
  const channel = { kind: 'ntfy', name: 'phone', topic: 'home' };
  const issuesOf = (settings: Record<string, unknown>): string[] =>
    notificationSettingsSchema
      .safeParse(settings)
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
  expect(issuesOf({ channels: [channel] })).toEqual([]);
  expect(issuesOf({ channels: [channel, channel] })).toEqual(['channels.1.name: "phone" is there twice']);
  expect(issuesOf({ channels: [channel], rules: [{ name: 'r', channels: ['fax'] }] })).toEqual([
    'rules.0: there is no channel "fax"',
  ]);
  expect(issuesOf({ rules: [{ name: 'r', quietHours: { from: '07:00', to: '07:00' } }] })).toHaveLength(1);
  expect(issuesOf({ timeZone: 'Mars/Olympus' })).toEqual(['timeZone: is not a time zone such as Europe/Berlin']);
  expect(issuesOf({ channels: [{ kind: 'fax', name: 'x' }] })[0]).toContain('channels.0.kind');
  expect(issuesOf({ channels: [{ ...channel, tokn: 'x' }] })[0]).toContain('tokn');
  const mail = { kind: 'email', name: 'mail', to: ['a@example.org'], user: 'u', password: { env: 'P' } };
  expect(issuesOf({ channels: [{ ...mail, security: 'none' }] })[0]).toContain('readable on the way');
  expect(issuesOf({ channels: [{ ...mail, to: ['"a\r\nBcc: b"@example.org'] }] })[0]).toContain('plain e-mail address');
});

test('pauses double up to an hour, with jitter, and give way to what the receiver asks for', () => {
  const pauses = [1, 2, 3, 8, 9, 30].map((failures) => pauseAfter(failures, null, () => 1) / 1000);
  expect(pauses).toEqual([15, 30, 60, 1920, 3600, 3600]);
  expect(pauseAfter(1, null, () => 0)).toBe(7500);
  expect(pauseAfter(1, 60_000, () => 0)).toBe(60_000);
  expect(pauseAfter(1, 86_400_000, () => 0)).toBe(3_600_000);
  expect(parseRetryAfter('120', 0)).toBe(120_000);
  expect(parseRetryAfter('Thu, 01 Jan 1970 00:01:00 GMT', 15_000)).toBe(45_000);
  expect(parseRetryAfter('Thu, 01 Jan 1970 00:01:00 GMT', 90_000)).toBe(0);
  for (const nonsense of [undefined, '', 'soon', '-5', '1e9']) expect(parseRetryAfter(nonsense, 0)).toBeNull();
});

test('a gate lets a few through, the first of each kind always, and opens again', () => {
  const gate = new RateLimit({ messages: 2, windowMs: 1000 });
  const admit = (kind: 'scan' | 'flood', now: number, severity: 'Medium' | 'High' = 'Medium') =>
    gate.admit(newSubject({ kind, severity }), now);
  expect([admit('scan', 0), admit('scan', 1), admit('scan', 2)]).toEqual([null, null, 998]);
  expect([admit('flood', 3), admit('flood', 4)]).toEqual([null, 996]);
  expect([admit('flood', 5, 'High'), admit('flood', 6, 'High')]).toEqual([null, 994]);
  expect([admit('scan', 999), admit('scan', 1000)]).toEqual([1, null]);
});
