/** What every engine of the history must do. An engine's test hands in how to open it, on an empty one each time. */
import { expect, test } from 'vitest';
import type { FlowFilter, FlowHistory, FlowRecord } from '../../src/store/history/flow.ts';

export interface HistoryUnderTest {
  /** Opens the same history again when it is called again within one test. */
  open(): Promise<FlowHistory>;
}

/** 2026-10-16 12:00 UTC, the begin of an hour. */
export const NOON = Date.UTC(2026, 9, 16, 12) / 1000;
export const newFlow = (change: Partial<FlowRecord> = {}): FlowRecord => ({
  ...{ ts: NOON + 0.125, uid: 'CAbcdefghijklmnopqr', device: '02:00:00:00:00:07', own: '192.168.1.7' },
  ...{ peer: '203.0.113.9', name: 'cloud.example.org', outward: true, orig_p: 50_000, resp_p: 443, ip_proto: 6 },
  ...{ service: 'ssl', tls: 't13d1516h2_8daaf6152771_b186095e22b6', history: 'ShADadFf', conn_state: 'SF' },
  ...{ local_orig: true, local_resp: false, duration: 2.000001, orig_bytes: 1000, resp_bytes: 20_000 },
  ...{ orig_pkts: 10, resp_pkts: 20, score: 1.25, open: false },
  ...change,
});
const everything = { limit: 500 };
const uids = (flows: { uid: string }[]): string[] => flows.map(({ uid }) => uid);

export function historyConformance(engine: HistoryUnderTest): void {
  const withHistory = async (body: (history: FlowHistory) => Promise<void>): Promise<void> => {
    const history = await engine.open();
    try {
      await body(history);
    } finally {
      await history.close();
    }
  };

  test('a connection comes back as it was given, after a restart too', async () => {
    const given = newFlow();
    await withHistory((history) => history.add([given]));
    await withHistory(async (history) => {
      const { flows, before, partial } = await history.search({}, everything);
      expect(flows).toEqual([{ ...given, id: expect.any(Number), isNew: true, episode: null }]);
      expect([before, partial]).toEqual([null, false]);
    });
  });

  test('what is not known stays unknown, and text from the wire is text', async () => {
    const given = newFlow({
      ...{ uid: 'not one of ours', name: null, service: `it's; drop table flow -- \u202e`, tls: null, history: null },
      ...{ conn_state: null, local_orig: null, local_resp: null, duration: null, orig_bytes: null, resp_bytes: null },
      ...{ orig_pkts: null, resp_pkts: null, score: null, orig_p: null, resp_p: null, ip_proto: null },
      ...{ peer: '2001:db8::9', outward: false },
    });
    await withHistory(async (history) => {
      await history.add([given]);
      expect((await history.search({}, everything)).flows).toMatchObject([given]);
    });
  });

  test('thousands of one moment are all there, newest first, page by page, each once', async () => {
    await withHistory(async (history) => {
      const given = Array.from({ length: 5000 }, (_, i) => newFlow({ uid: `number ${i}`, ts: NOON + (i % 2) }));
      await history.add(given.slice(0, 3000));
      await history.add(given.slice(3000));
      const seen: string[] = [];
      const times: number[] = [];
      for (let before: number | undefined; ; ) {
        const page = await history.search({ device: '02:00:00:00:00:07' }, { limit: 499, before });
        seen.push(...uids(page.flows));
        times.push(...page.flows.map(({ ts }) => ts));
        if (page.before === null) break;
        before = page.before;
      }
      expect(new Set(seen).size).toBe(5000);
      expect(seen).toHaveLength(5000);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
    });
  });

  const one = newFlow({ uid: 'one' });
  const others = {
    two: newFlow({
      uid: 'two',
      ts: NOON + 60,
      peer: '203.0.113.10',
      name: 'a.cloud.example.org',
      resp_bytes: 5_000_000,
    }),
    three: newFlow({ uid: 'three', ts: NOON + 120, device: '02:00:00:00:00:08', own: '192.168.1.8', service: 'dns' }),
    four: newFlow({ uid: 'four', ts: NOON + 180, peer: '2001:db8::9', name: null, conn_state: 'S0', outward: false }),
    five: newFlow({
      uid: 'five',
      ts: NOON + 86_400,
      device: '02:00:00:00:00:08',
      own: '192.168.1.8',
      peer: '192.168.1.7',
      name: null,
      ip_proto: 17,
      resp_p: 5353,
    }),
  };
  const all = [one, ...Object.values(others)];

  const asked: [FlowFilter, string[]][] = [
    [{}, ['five', 'four', 'three', 'two', 'one']],
    [{ device: '02:00:00:00:00:07' }, ['four', 'two', 'one']],
    [{ device: '02:00:00:00:00:07', deviceAddresses: ['192.168.1.7'] }, ['five', 'four', 'two', 'one']],
    [{ device: '02:00:00:00:00:99' }, []],
    [{ peer: '203.0.113.9' }, ['three', 'one']],
    [{ peer: '203.0.113.0/24' }, ['three', 'two', 'one']],
    [{ peer: '2001:db8::/32' }, ['four']],
    [{ peer: '0.0.0.0/0' }, ['five', 'three', 'two', 'one']],
    [{ peer: 'cloud.example.org' }, ['three', 'two', 'one']],
    [{ peer: 'a.cloud.example.org' }, ['two']],
    [{ peer: 'oud.example.org' }, []],
    [{ peer: 'CLOUD' }, ['three', 'two', 'one']],
    [{ peer: 'clo_d' }, []],
    [{ peer: '203.0.113.9', device: '02:00:00:00:00:08' }, ['three']],
    [{ service: 'dns' }, ['three']],
    [{ port: 5353 }, ['five']],
    [{ proto: 'udp' }, ['five']],
    [{ direction: 'in' }, ['four']],
    [{ state: 'S0' }, ['four']],
    [{ bytes: 1_000_000 }, ['two']],
    [{ since: NOON + 60, until: NOON + 180 }, ['three', 'two']],
    [{ since: NOON + 60, until: NOON + 180, device: '02:00:00:00:00:07' }, ['two']],
    [{ novelty: 'new' }, ['five', 'four', 'three', 'two', 'one']],
    [{ novelty: 'usual' }, []],
  ];

  test('every filter finds what it asks for, and nothing else', async () => {
    await withHistory(async (history) => {
      await history.add(all);
      for (const [filter, expected] of asked) {
        expect(uids((await history.search(filter, everything)).flows), JSON.stringify(filter)).toEqual(expected);
      }
    });
  });

  test('an end that was met before is not new again, not even by another address of the same name', async () => {
    await withHistory((history) => history.add([one]));
    await withHistory(async (history) => {
      await history.add([newFlow({ uid: 'again', ts: NOON + 5, peer: '203.0.113.99' })]);
      const { flows } = await history.search({}, everything);
      expect(flows.map(({ uid, isNew }) => [uid, isNew])).toEqual([
        ['again', false],
        ['one', true],
      ]);
    });
  });

  test('connections of an alert are found by it, whether they were written before or with it', async () => {
    await withHistory(async (history) => {
      await history.add([one]);
      await history.add(
        [others.two],
        [one, others.two].map(({ uid, ts }) => ({ uid, ts, episode: 'scan 7' })),
      );
      expect(uids((await history.search({ alert: 'scan 7' }, everything)).flows)).toEqual(['two', 'one']);
      expect(uids((await history.search({ alert: true, peer: '203.0.113.9' }, everything)).flows)).toEqual(['one']);
      expect((await history.search({ alert: 'scan 8' }, everything)).flows).toEqual([]);
    });
  });

  test('what goes on is there while it does, once, and counted once', async () => {
    const since = { since: NOON - 3600, until: NOON + 7200 };
    await withHistory(async (history) => {
      await history.add([newFlow({ open: true, duration: 60, resp_bytes: 100, conn_state: 'S1' })]);
      await history.add([newFlow({ open: true, duration: 120, resp_bytes: 300, conn_state: 'S1' })]);
      expect((await history.search({}, everything)).flows).toMatchObject([{ open: true, duration: 120, isNew: true }]);
      await history.add([newFlow({ duration: 4000, resp_bytes: 1000 })]);
      expect((await history.search({}, everything)).flows).toMatchObject([
        { open: false, duration: 4000, resp_bytes: 1000, isNew: true, conn_state: 'SF' },
      ]);
      expect(await history.totals(since)).toEqual({ flows: 1, sent: 1000, received: 1000 });
      // Its bytes are where they were sent.
      expect((await history.chart(since, 'hour')).map(({ received }) => received)).toEqual([300, 700]);
    });
  });

  test('after a restart nothing is said to go on that nobody follows', async () => {
    await withHistory((history) => history.add([newFlow({ open: true })]));
    await withHistory(async (history) => {
      expect((await history.search({}, everything)).flows).toMatchObject([{ open: false }]);
    });
  });

  test('sums, tops and charts are those of the connections', async () => {
    await withHistory(async (history) => {
      await history.add(all);
      const month = { since: NOON - 30 * 86_400, until: NOON + 2 * 86_400 };
      expect(await history.totals(month)).toEqual({ flows: 5, sent: 24_000, received: 5_061_000 });
      expect(await history.totals({ ...month, device: '02:00:00:00:00:08' })).toMatchObject({ flows: 2 });
      expect((await history.top(month, 'peer', 2)).map(({ key, flows }) => [key, flows])).toEqual([
        ['a.cloud.example.org', 1],
        ['cloud.example.org', 2],
      ]);
      expect((await history.top(month, 'device', 9)).map(({ key }) => key)).toEqual([
        '02:00:00:00:00:07',
        '02:00:00:00:00:08',
      ]);
      expect(await history.top({ ...month, peer: '203.0.113.9' }, 'service', 9)).toEqual([
        { key: 'dns', flows: 1, sent: 1000, received: 20_000 },
        { key: 'ssl', flows: 1, sent: 1000, received: 20_000 },
      ]);
      expect(await history.chart(month, 'day')).toMatchObject([
        { ts: NOON - 43_200, flows: 4 },
        { ts: NOON + 43_200, flows: 1 },
      ]);
      expect(await history.chart({ ...month, peer: '2001:db8::9' }, 'hour')).toEqual([
        { ts: NOON, flows: 1, sent: 20_000, received: 1000 },
      ]);
    });
  });

  test('the oldest go at their age, and their sums stay', async () => {
    await withHistory(async (history) => {
      await history.add(all);
      const limits = { before: NOON + 150, sumsBefore: 0, bytes: 1e12 };
      expect(await history.prune(limits)).toBe(3);
      expect(uids((await history.search({}, everything)).flows)).toEqual(['five', 'four']);
      expect(uids((await history.search({ device: '02:00:00:00:00:07' }, everything)).flows)).toEqual(['four']);
      expect(await history.totals({})).toMatchObject({ flows: 5 });
      expect(await history.oldest()).toBe(NOON + 180);
      await history.prune({ ...limits, sumsBefore: NOON + 43_200 });
      expect(await history.totals({})).toMatchObject({ flows: 1 });
    });
  });

  test('the oldest go until what is left fits', async () => {
    await withHistory(async (history) => {
      await history.add(Array.from({ length: 8000 }, (_, i) => newFlow({ uid: `number ${i}`, ts: NOON + i / 10 })));
      const used = await history.usedBytes();
      await history.prune({ before: 0, sumsBefore: 0, bytes: used / 2 });
      expect(await history.usedBytes()).toBeLessThanOrEqual(used / 2);
      const { flows } = await history.search({}, { limit: 1 });
      expect(flows[0].uid).toBe('number 7999');
      expect((await history.oldest())!).toBeGreaterThan(NOON + 100);
      expect(await history.checkIntegrity()).toEqual([]);
    });
  });

  test('of a device that is forgotten nothing is left, and the rest is', async () => {
    await withHistory(async (history) => {
      await history.add(all);
      await history.forget('02:00:00:00:00:07', ['192.168.1.7']);
      expect(uids((await history.search({}, everything)).flows)).toEqual(['three']);
      expect(await history.totals({})).toMatchObject({ flows: 1 });
      await history.add([one]);
      expect(uids((await history.search({ device: '02:00:00:00:00:07' }, everything)).flows)).toEqual(['one']);
    });
  });
}
