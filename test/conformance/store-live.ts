/** What every engine of the store must do for live monitoring. */
import { expect, test } from 'vitest';
import type { ToldAlert } from '../../src/store/live/alert.ts';
import type { Store } from '../../src/store/store.ts';

type WithStore = (body: (store: Store) => Promise<void>) => Promise<void>;

const told = (overrides: Partial<ToldAlert> = {}): ToldAlert => ({
  episode: 'e1',
  kind: 'scan',
  severity: 'High',
  mac: '02:00:00:00:00:01',
  hosts: ' 192.168.1.7 203.0.113.9 ',
  raised: 1000.5,
  updated: 1000.5,
  body: '{"sentence":"It\'s; drop table \\u202e"}',
  ...overrides,
});

export function liveStoreConformance(withStore: WithStore): void {
  test('an episode is one alert: it grows, keeps the owner’s word, and its id survives a restart', async () => {
    await withStore(async ({ live: { alerts } }) => {
      expect(await alerts.tell(told())).toEqual({ id: 1, status: 'open', isNew: true });
      expect(await alerts.tell(told({ episode: 'e2' }))).toEqual({ id: 2, status: 'open', isNew: true });
      expect(await alerts.setStatus(1, 'acknowledged')).toMatchObject({ id: 1, status: 'acknowledged' });
    });
    await withStore(async ({ live: { alerts } }) => {
      const grown = told({ severity: 'Critical', updated: 1060, body: '{}' });
      expect(await alerts.tell(grown)).toEqual({ id: 1, status: 'acknowledged', isNew: false });
      expect(await alerts.alert(1)).toEqual({ ...grown, id: 1, status: 'acknowledged' });
      expect(await alerts.alert(3)).toBeUndefined();
      expect(await alerts.setStatus(3, 'open')).toBeUndefined();
    });
  });

  test('alerts are listed newest first, by device, status and time, without gap or overlap', () =>
    withStore(async ({ live: { alerts } }) => {
      for (let i = 1; i <= 5; i++)
        await alerts.tell(told({ episode: `e${i}`, mac: i % 2 === 0 ? null : 'a', updated: i }));
      await alerts.setStatus(5, 'expected');
      const ids = async (query: Parameters<typeof alerts.list>[0]) => (await alerts.list(query)).map(({ id }) => id);
      expect(await ids({ limit: 2 })).toEqual([5, 4]);
      expect(await ids({ limit: 9, before: 4 })).toEqual([3, 2, 1]);
      expect(await ids({ limit: 9, mac: 'a' })).toEqual([5, 3, 1]);
      expect(await ids({ limit: 9, status: 'open', since: 2 })).toEqual([4, 3, 2]);
      expect(await alerts.open()).toEqual(
        expect.arrayContaining([
          { mac: 'a', severity: 'High', count: 2 },
          { mac: null, severity: 'High', count: 2 },
        ]),
      );
    }));

  test('connections are kept with their alert, each once, a hundred at most', () =>
    withStore(async ({ live: { alerts } }) => {
      await alerts.tell(told());
      const flows = Array.from({ length: 70 }, (_, i) => ({ uid: `C${i}`, body: `{"i":${i}}` }));
      await alerts.addFlows('e1', flows);
      await alerts.addFlows('e1', flows.slice(0, 3));
      await alerts.addFlows('unknown', flows);
      expect(await alerts.flows(1)).toHaveLength(70);
      await alerts.addFlows(
        'e1',
        flows.map(({ body }, i) => ({ uid: `D${i}`, body })),
      );
      expect(await alerts.flows(1)).toHaveLength(100);
    }));

  test('alerts go by age and number, with their connections', () =>
    withStore(async ({ live: { alerts } }) => {
      for (let i = 1; i <= 6; i++) await alerts.tell(told({ episode: `e${i}`, updated: i }));
      await alerts.addFlows('e1', [{ uid: 'C1', body: '{}' }]);
      expect(await alerts.prune({ before: 3, keep: 3 })).toBe(3);
      expect((await alerts.list({ limit: 9 })).map(({ id }) => id)).toEqual([6, 5, 4]);
      expect(await alerts.flows(1)).toEqual([]);
      expect(await alerts.prune({ before: 0, keep: 3 })).toBe(0);
    }));

  test('what was seen of a device never overwrites what the owner said of it', async () => {
    const seen = { mac: '02:00:00:00:00:01', last_seen: 5.25, body: '{"name":"<b>plug</b>"}' };
    await withStore(async ({ live: { devices } }) => {
      await devices.seen([seen]);
      expect(await devices.own(seen.mac, { name: 'Kitchen \u202e plug' })).toBe(true);
      expect(await devices.own(seen.mac, { monitored: false })).toBe(true);
      expect(await devices.own('unknown', { name: 'x' })).toBe(false);
      await devices.seen([
        { ...seen, last_seen: 9 },
        { ...seen, mac: 'b' },
      ]);
    });
    await withStore(async ({ live: { devices } }) => {
      expect(await devices.list()).toEqual([
        { ...seen, last_seen: 9, owner_name: 'Kitchen \u202e plug', monitored: false },
        { ...seen, mac: 'b', owner_name: null, monitored: true },
      ]);
      await devices.own(seen.mac, { name: null });
      expect((await devices.list())[0].owner_name).toBeNull();
    });
  });

  test('of too many devices those go that were not seen for longest, but none that has a name', () =>
    withStore(async ({ live: { devices } }) => {
      await devices.seen(Array.from({ length: 5 }, (_, i) => ({ mac: `m${i}`, last_seen: i, body: '{}' })));
      await devices.own('m0', { name: 'mine' });
      await devices.prune(2);
      expect((await devices.list()).map(({ mac }) => mac)).toEqual(['m4', 'm3', 'm0']);
    }));

  test('traffic by minute and device; a gap that ends is the same gap', () =>
    withStore(async ({ live: { records } }) => {
      const row = {
        minute: 29_500_000,
        mac: '',
        packets: 10,
        bytes: 1e12,
        strangeness: null,
        connections: 0,
        contacts: 0,
      };
      await records.addTraffic([row, { ...row, mac: 'a', strangeness: 2.5 }, { ...row, minute: 29_500_001 }]);
      await records.addTraffic([{ ...row, packets: 12, strangeness: 0.5 }]);
      expect(await records.traffic({ mac: '', since: 29_500_000 })).toEqual([
        { ...row, packets: 12, strangeness: 0.5 },
        { ...row, minute: 29_500_001 },
      ]);
      expect(await records.traffic({ mac: 'a', since: 29_500_001 })).toEqual([]);
      // Longer stretches are the sum of their minutes, and begin at their own multiples.
      expect(await records.traffic({ mac: '', since: 29_500_000, until: 29_500_010, step: 10 })).toEqual([
        { ...row, packets: 22, bytes: 2e12, strangeness: 0.5 },
      ]);
      expect(await records.traffic({ mac: '', since: 29_500_000, until: 29_500_001 })).toHaveLength(1);

      await records.addGap({ from: 10.5, to: null, reason: 'the link is down' });
      await records.addGap({ from: 10.5, to: 20, reason: 'the link is down' });
      await records.addGap({ from: 30, to: null, reason: 'x' });
      expect(await records.gaps(9)).toEqual([
        { from: 30, to: null, reason: 'x' },
        { from: 10.5, to: 20, reason: 'the link is down' },
      ]);
      await records.prune({ before: 29_500_001 * 60 });
      expect(await records.gaps(9)).toEqual([{ from: 30, to: null, reason: 'x' }]);
      expect(await records.traffic({ mac: '', since: 0 })).toHaveLength(1);
    }));

  test('a mute is kept, replaced and taken back', () =>
    withStore(async ({ live: { records } }) => {
      const mute = { id: 'm', created: 5, rule: '{"kind":"scan"}', hidden: '{"count":0}' };
      await records.setMute(mute);
      await records.setMute({ ...mute, hidden: '{"count":2}' });
      expect(await records.mutes()).toEqual([{ ...mute, hidden: '{"count":2}' }]);
      expect(await records.removeMute('m')).toBe(true);
      expect(await records.removeMute('m')).toBe(false);
    }));

  test('forgetting a device deletes what speaks of it, and nothing else', () =>
    withStore(async ({ live: { alerts, devices, records } }) => {
      await alerts.tell(told({ episode: 'own', mac: 'a', hosts: ' 192.168.1.7 ' }));
      await alerts.tell(told({ episode: 'target', mac: 'b', hosts: ' 192.168.1.8 192.168.1.7 ' }));
      await alerts.tell(told({ episode: 'other', mac: 'b', hosts: ' 192.168.1.70 ' }));
      await alerts.addFlows('own', [{ uid: 'C1', body: '{}' }]);
      await devices.seen([{ mac: 'a', last_seen: 1, body: '{}' }]);
      await records.addTraffic([
        { minute: 1, mac: 'a', packets: 1, bytes: 1, strangeness: null, connections: 0, contacts: 0 },
      ]);
      await alerts.forget('a', ['192.168.1.7']);
      await devices.remove('a');
      await records.forget('a');
      expect((await alerts.list({ limit: 9 })).map(({ episode }) => episode)).toEqual(['other']);
      expect(await alerts.flows(1)).toEqual([]);
      expect(await devices.list()).toEqual([]);
      expect(await records.traffic({ mac: 'a', since: 0 })).toEqual([]);
    }));
}
