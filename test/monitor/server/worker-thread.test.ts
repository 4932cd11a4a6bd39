import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LiveSetup } from '../../../src/monitor/protocol.ts';
import { LiveThread, type LiveThreadOptions } from '../../../src/monitor/server/worker-thread.ts';
import { smallHome, until } from '../../live.ts';

let directory: string;
let thread: LiveThread;
let deaths: string[];
let troubles: string[];
let batches: number;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'guardian-thread-'));
  [deaths, troubles, batches] = [[], [], 0];
});
afterEach(async () => {
  await thread.stop();
  rmSync(directory, { recursive: true });
});

function create(thing: LiveSetup['thing'], options: Partial<LiveThreadOptions> = {}): LiveThread {
  const setup = {
    ...{ thing, searchPath: '', learnSeconds: 2400, stateFile: path.join(directory, 'state.json') },
    ...{ owner: [], mutes: [], alerts: [], forgotten: [] },
  };
  return new LiveThread({
    setup: async () => setup,
    onReady: () => {},
    onBatch: async () => void batches++,
    onDeath: (reason) => deaths.push(reason),
    onTrouble: (line) => troubles.push(line),
    ...options,
  });
}

const home = { demo: { ...smallHome, attacks: [] } };

test('what cannot be watched is refused, and not tried again', async () => {
  thread = create({ zeek: '/nowhere' });
  await expect(thread.start()).rejects.toMatchObject({ code: 'bad_source' });
  await expect(thread.ask('unmute', 'x')).rejects.toMatchObject({ code: 'monitor_off' });
  expect(deaths).toEqual([]);
});

test('what is to be watched as soon as it can be is tried again', async () => {
  thread = create({ zeek: '/nowhere' });
  thread.startLasting();
  await until(() => deaths.length > 1, 20);
  expect(deaths[0]).toContain('/nowhere');
}, 30_000);

test('one that says nothing is held to hang, and is started again', async () => {
  thread = create(home, { beatMs: 1 });
  thread.startLasting();
  await until(() => deaths.length > 1, 20);
  expect(new Set(deaths)).toEqual(new Set(['the thread that watches does not answer']));
}, 30_000);

test('a batch that cannot be taken is said, and the next ones come', async () => {
  thread = create(home, {
    onBatch: async () => {
      if (++batches === 1) throw new Error('this one was bad');
    },
  });
  await thread.start();
  await until(() => batches > 2, 30);
  expect(troubles).toEqual([expect.stringContaining('this one was bad')]);
  expect(deaths).toEqual([]);
}, 40_000);

test('one that waits for us does not hang', async () => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const onBatch = (): Promise<void> => {
    batches++;
    return held;
  };
  thread = create(home, { beatMs: 2_500, onBatch });
  await thread.start();
  await until(() => batches > 0, 20);
  await new Promise((resolve) => setTimeout(resolve, 11_500));
  expect(deaths).toEqual([]);
  release();
}, 40_000);

test('a start that nobody waits for any more ends with the stop', async () => {
  thread = create(home);
  thread.startLasting();
  await thread.stop();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(batches).toBe(0);
});
