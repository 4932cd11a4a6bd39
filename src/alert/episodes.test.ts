import { describe, expect, it } from 'vitest';
import type { Finding, FindingOf } from '../detector/finding.ts';
import { Host } from '../feature/host.ts';
import type { Alert } from './alert.ts';
import { Episodes } from './episodes.ts';

const camera = new Host(1, '192.168.1.5', 'local');
const nas = new Host(2, '192.168.1.9', 'local');
const server = new Host(3, '203.0.113.9', 'external');

const base = { detector: 'test', host: camera, target: null, ts: 1000, since: 960, strength: 0 };

const finding = (over: Partial<FindingOf<'scan'>> = {}): Finding => ({
  ...base,
  kind: 'scan',
  evidence: { addresses: 214, ports: 1, port: 23, failed: 200, seconds: 40, proto: 'tcp' },
  ...over,
});

const clock = (period: number, port: number) =>
  ({ ...{ period, port, jitter: period / 20, times: 12, bytes: 100 }, answered: 1, acquaintance: 'unknown' }) as const;

const beacon = (over: Partial<FindingOf<'beacon'>> = {}): Finding => ({
  ...base,
  kind: 'beacon',
  target: server,
  evidence: clock(60, 443),
  ...over,
});

const guesses = (over: Partial<FindingOf<'brute-force'>> = {}): Finding => ({
  ...base,
  kind: 'brute-force',
  target: nas,
  evidence: { attempts: 20, refused: 3, port: 22, seconds: 10, usual: 0 },
  ...over,
});

const flood = (ts: number): Finding => ({
  ...{ ...base, ts },
  kind: 'flood',
  target: nas,
  evidence: { connections: 40, seconds: 10, usual: 0, unit: 'connections', port: 22, proto: 'service' },
});

function book() {
  const alerts: Alert[] = [];
  const updates: Alert[] = [];
  const episodes = new Episodes({
    onAlert: (alert) => alerts.push(alert),
    onUpdate: (alert) => updates.push(alert),
    nameOf: (host) => (host === camera ? 'Hall camera' : host.address),
    pastOf: () => ({ seconds: 14 * 86_400, addresses: 3 }),
  });
  return { episodes, alerts, updates };
}

describe('episodes', () => {
  it('says it as the owner would like to read it', () => {
    const { episodes, alerts } = book();
    episodes.add(finding());
    expect(alerts[0].sentence).toBe(
      'Hall camera tried telnet (port 23) on 214 addresses in 40 seconds; at least 200 attempts failed. In the 14 days before, it contacted 3 addresses.',
    );
    expect(alerts[0]).toMatchObject({ severity: 'High', ts: 960, raised_ts: 1000, hosts: ['192.168.1.5'] });
  });

  it('raises one alert for an episode, and another when it begins again after the cool-down', () => {
    const { episodes, alerts } = book();
    for (let i = 0; i < 100; i++) episodes.add(finding({ ts: 1000 + i }));
    expect(alerts).toHaveLength(1);
    expect(alerts[0].end_ts).toBe(1099);
    episodes.add(finding({ ts: 1099 + 3601 }));
    expect(alerts).toHaveLength(2);
  });

  it('keeps two things apart that one device does to two others', () => {
    const { episodes, alerts } = book();
    episodes.add(beacon());
    episodes.add(guesses());
    expect(alerts.map(({ kind }) => kind)).toEqual(['beacon', 'brute-force']);
  });

  it('calls one thing by its most telling name', () => {
    const { episodes, alerts, updates } = book();
    episodes.add(flood(1000));
    episodes.add(guesses({ ts: 1010 }));
    expect(alerts).toHaveLength(1);
    expect(alerts[0].kind).toBe('brute-force');
    expect(alerts[0].raised_ts).toBe(1000);
    expect(updates).toHaveLength(1);
    episodes.add(flood(1020));
    expect(alerts[0].kind).toBe('brute-force');
  });

  it('does not tell "unusual" where a rule explains it, whichever comes first', () => {
    const rhythm = (ts: number): Finding => ({
      ...{ ...base, ts },
      kind: 'rhythm',
      evidence: { once_in_seconds: 1e6, continues: 0 },
    });
    const first = book();
    first.episodes.add(rhythm(1000));
    first.episodes.add(finding({ ts: 1030 }));
    expect(first.alerts.map(({ kind }) => kind)).toEqual(['scan']);
    const second = book();
    second.episodes.add(finding({ ts: 1000 }));
    second.episodes.add(rhythm(1030));
    expect(second.alerts.map(({ kind }) => kind)).toEqual(['scan']);
  });

  it('counts several servers of one clock as one beacon', () => {
    const { episodes, alerts } = book();
    episodes.add(beacon());
    episodes.add(beacon({ target: nas, evidence: clock(61, 443) }));
    episodes.add(beacon({ target: nas, evidence: clock(7, 80) }));
    expect(alerts).toHaveLength(2);
  });

  it('lists the connections of the episode', () => {
    const { episodes, alerts } = book();
    episodes.add(finding({ ts: 1000 }));
    const conn = { uid: 'C1', ts: 990, duration: 2, id_orig_h: '192.168.1.5', id_resp_h: '198.51.100.1' };
    episodes.conn(conn as never);
    episodes.conn({ ...conn, uid: 'C2', id_orig_h: '192.168.1.77' } as never);
    expect(alerts[0]).toMatchObject({ uids: ['C1'], flows: 1 });
  });

  it('survives a restart with its open episodes', () => {
    const before = book();
    before.episodes.add(beacon());
    const after = book();
    after.episodes.load(JSON.parse(JSON.stringify(before.episodes.save())));
    after.episodes.add(beacon({ ts: 1060, strength: 5 }));
    expect(after.alerts).toEqual([]);
    expect(after.updates).toMatchObject([{ id: before.alerts[0].id, raised_ts: 1000, end_ts: 1060 }]);
  });

  it('is bounded, however many addresses are made up', () => {
    const { episodes } = book();
    for (let i = 0; i < 3000; i++) {
      const host = new Host(i, `10.0.${i >> 8}.${i & 255}`, 'local');
      episodes.add({ ...base, kind: 'new-device', host, evidence: { mac: '' } });
    }
    expect(episodes.alerts).toHaveLength(1024);
  });

  it('tells strangers that one sender may make up as a few alerts, and whom it knows at once', () => {
    const alerts: Alert[] = [];
    const episodes = new Episodes({
      onAlert: (alert) => alerts.push(alert),
      isStranger: (host) => host !== camera,
    });
    for (let i = 0; i < 500; i++) {
      const host = new Host(10 + i, `192.168.7.${i % 250}${i >= 250 ? 'b' : ''}`, 'local');
      // Each is seen twice, and counts once.
      for (const ts of [1000, 1030]) episodes.add(finding({ host, ts: ts + i / 10 }));
    }
    expect(alerts).toHaveLength(20);
    expect(alerts[19].evidence.others).toBeGreaterThan(0.95 * 480);
    expect(alerts[19].evidence.others).toBeLessThanOrEqual(480);
    expect(alerts[19].sentence).toMatch(/At least 4\d\d more addresses that were never here before do the same/);
    episodes.add(finding({ ts: 1100 }));
    expect(alerts).toHaveLength(21);
    expect(alerts[20]).toMatchObject({ hosts: [camera.address] });
    expect(alerts[20].evidence.others).toBeUndefined();
    // Few strangers, or strangers over a day, are told one by one.
    const calm = new Episodes({ onAlert: (alert) => alerts.push(alert), isStranger: () => true });
    for (let i = 0; i < 60; i++)
      calm.add(finding({ host: new Host(i, `192.168.8.${i}`, 'local'), ts: 1000 + 1200 * i, since: 999 + 1200 * i }));
    expect(alerts).toHaveLength(21 + 60);
  });
});
