import { describe, expect, it } from 'vitest';
import type { Alert } from './alert.ts';
import { expectedRule, Mutes, matches } from './mute.ts';

const alert = (over: Partial<Alert> = {}): Alert => ({
  kind: 'beacon',
  severity: 'Medium',
  confidence: 0.9,
  device: 'TV',
  address: 'aa:bb:cc:dd:ee:ff',
  hosts: ['192.168.1.7', '203.0.113.9'],
  ts: 1000,
  end_ts: 1100,
  sentence: 'TV contacts 203.0.113.9 every 60 s.',
  meaning: '',
  advice: [],
  detector: 'beacon',
  evidence: {},
  uids: [],
  flows: 0,
  ...over,
});

describe('mute', () => {
  it('hides what matches, until it expires, and shows what it has hidden', () => {
    const mutes = new Mutes();
    mutes.add({ id: '1', device: '192.168.1.7', until: 2000, reason: 'muted' });
    expect(mutes.hides(alert())).toBe(true);
    expect(mutes.hides(alert({ hosts: ['192.168.1.8'], address: '192.168.1.8' }))).toBe(false);
    expect(mutes.list(1500)[0].hidden).toMatchObject({ count: 1, alerts: [{ device: 'TV' }] });
    expect(mutes.hides(alert({ end_ts: 2000 }))).toBe(false);
    expect(mutes.list(2000)).toEqual([]);
  });

  it('knows a device by its link-layer address as well', () => {
    expect(matches({ id: '1', device: 'aa:bb:cc:dd:ee:ff', reason: 'muted' }, alert())).toBe(true);
  });

  it('makes an exception that covers this and nothing else', () => {
    const rule = expectedRule(alert(), 'x');
    expect(matches(rule, alert())).toBe(true);
    expect(matches(rule, alert({ kind: 'scan' }))).toBe(false);
    expect(matches(rule, alert({ hosts: ['192.168.1.7', '198.51.100.1'] }))).toBe(false);
    expect(matches(rule, alert({ hosts: ['192.168.1.9', '203.0.113.9'], address: 'x' }))).toBe(false);
  });

  it('tells what is worse, or goes much further, than what was called expected', () => {
    const small = alert({ kind: 'scan', severity: 'High', evidence: { addresses: 20, ports: 1, seconds: 5 } });
    const rule = expectedRule(small, 'x');
    const later = (over: Partial<Alert>) => matches(rule, alert({ ...small, ...over }));
    expect(later({ evidence: { addresses: 60, ports: 1, seconds: 900 } })).toBe(true);
    expect(later({ severity: 'Medium' })).toBe(true);
    expect(later({ severity: 'Critical' })).toBe(false);
    expect(later({ evidence: { addresses: 1502, ports: 2, seconds: 62 } })).toBe(false);
  });

  it('an exception is for the device, not for whoever has its address', () => {
    const camera = 'aa:bb:cc:dd:ee:ff';
    const mutes = new Mutes((device, { address }) => device === address);
    mutes.add(expectedRule(alert(), 'x', camera));
    const moved = alert({ hosts: ['192.168.1.99', '203.0.113.9'] });
    expect(mutes.hides(moved)).toBe(true);
    const other = alert({ address: '02:00:00:00:00:01', hosts: ['192.168.1.7', '203.0.113.9'] });
    expect(mutes.hides(other)).toBe(false);
  });

  it('is as wide as the owner says: this other end or any, for a while or for good', () => {
    const other = alert({ hosts: ['192.168.1.7', '198.51.100.1'] });
    expect(matches(expectedRule(alert(), 'x', null, { anywhere: true }), other)).toBe(true);
    const mutes = new Mutes();
    mutes.add(expectedRule(alert(), 'x', null, { until: 1050 }));
    expect(mutes.hides(alert())).toBe(false);
  });

  it('counts what goes on after it was called expected, once for each episode, as it is now', () => {
    const mutes = new Mutes();
    mutes.add(expectedRule(alert(), 'x'));
    for (const [id, end_ts] of [
      ['1', 1200],
      ['1', 1300],
      ['2', 9000],
    ] as const)
      mutes.repeats(alert({ id, end_ts }));
    // Worse than what was called expected: it is told, not hidden.
    mutes.repeats(alert({ id: '3', severity: 'Critical' }));
    const { count, alerts } = mutes.list(2000)[0].hidden;
    expect([count, alerts.map(({ id, end_ts }) => [id, end_ts])]).toEqual([
      2,
      [
        ['2', 9000],
        ['1', 1300],
      ],
    ]);
    const muted = new Mutes();
    muted.add({ id: '1', kind: 'beacon', reason: 'muted' });
    muted.repeats(alert({ id: '1' }));
    expect(muted.list(2000)[0].hidden.count).toBe(0);
  });

  it('previews without hiding', () => {
    const mutes = new Mutes();
    const rule = { id: '1', kind: 'beacon', reason: 'muted' } as const;
    expect(mutes.preview(rule, [alert(), alert({ kind: 'flood' })])).toHaveLength(1);
    expect(mutes.hides(alert())).toBe(false);
  });

  it('keeps rules and what they have hidden over a restart', () => {
    const mutes = new Mutes();
    mutes.add({ id: '1', kind: 'beacon', until: 5000, reason: 'muted' });
    mutes.hides(alert());
    const restarted = new Mutes();
    restarted.load(JSON.parse(JSON.stringify(mutes.save())));
    expect(restarted.list(1500)).toEqual(mutes.list(1500));
    expect(restarted.list(1500)[0].hidden.count).toBe(1);
  });

  it('is bounded: what ends first makes room', () => {
    const mutes = new Mutes();
    mutes.add({ id: 'for good', reason: 'expected' });
    for (let i = 0; i < 4200; i++) mutes.add({ id: `${i}`, until: 2000 + i, reason: 'muted' });
    const ids = mutes.list(0).map(({ id }) => id);
    expect(ids).toHaveLength(4096);
    expect(ids).toContain('for good');
    expect(ids).toContain('4199');
    expect(ids).not.toContain('0');
  });
});
