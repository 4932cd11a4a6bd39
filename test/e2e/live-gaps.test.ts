/** What is said of the time that is not seen: since when, how much of it, and nothing twice. */
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { createLiveMonitor } from '../../src/monitor/server/live-monitor.ts';
import { MonitorSession } from '../../src/monitor/server/session.ts';
import { interfaceNames } from '../../src/source/live/interfaces.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import type { Store } from '../../src/store/store.ts';
import { liveOptions, until } from '../live.ts';
import { makeDirectory } from '../server.ts';

const loopback = interfaceNames().find((name) => name === 'lo' || name === 'lo0')!;

let directory: string;
let store: Store;
beforeEach(async () => {
  directory = makeDirectory();
  store = await openSqliteStore({ directory, log: createLog({ level: 'silent' }) });
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

test('without any capture nothing is seen, since the gap began, also when it becomes blind', async () => {
  const tool = path.join(directory, 'tcpdump');
  writeFileSync(tool, '#!/bin/sh\necho "tcpdump: it is broken" >&2; exit 1\n');
  chmodSync(tool, 0o755);
  const monitor = await createLiveMonitor({ ...liveOptions(store, directory).options, searchPath: directory });
  await monitor.start(loopback);
  for (const state of ['degraded', 'blind']) {
    const status = await until(async () => {
      const now = await monitor.status();
      return now.state === state && now.gaps.length > 0 && now;
    });
    expect(status.sentence).toMatch(/^Guardian cannot see traffic since .*it is broken\.$/);
    expect(status.since).toBe(status.gaps[0].from);
    expect(status.gaps).toEqual([{ from: expect.any(Number), to: null, reason: expect.any(String) }]);
  }
  await monitor.close();
  expect((await store.live.records.gaps(9)).map(({ to }) => to)).toEqual([expect.any(Number)]);
}, 90_000);

test('who is killed while nothing is seen has been watching until then: gaps follow one another', async () => {
  const { options } = liveOptions(store, directory);
  const now = Date.now() / 1000;
  const down = { from: now - 100, to: null, reason: 'the link of eth0 is down' };
  await store.live.records.addGap(down);
  const killed = new MonitorSession({ ...options, clock: { now: () => 1000 * (now - 40), monotonic: () => 0 } });
  killed.enter('blind', down.reason);
  await killed.keep();
  await new MonitorSession(options).load();
  const [second, first] = await store.live.records.gaps(9);
  expect(first).toEqual({ ...down, to: now - 40 });
  expect(second).toEqual({ from: now - 40, to: expect.any(Number), reason: 'Guardian did not run' });
  expect(second.to).toBeGreaterThanOrEqual(now);
});
