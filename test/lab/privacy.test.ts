/** Nothing leaves the box: the server, in a network that leads out, sends no packet there. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeWith } from '../needs.ts';
import { createLab, type Lab, noLab, root, SEND, startMonitor, TYPES, type Watcher } from './lab.ts';

/** Waits for the server, uploads a log, and opens what a browser would: `node --input-type=module -e VISIT`. */
const VISIT = `
  const url = 'http://127.0.0.1:5000';
  for (let i = 0; i < 200; i++) {
    const answer = await fetch(url + '/history').catch(() => null);
    if (answer?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const header = 'ts,id.orig_h,id.orig_p,id.resp_h,id.resp_p,proto,orig_pkts,resp_pkts,orig_bytes,resp_bytes';
  const rows = Array.from({ length: 60 }, (_, i) => [1e9 + i, '192.168.1.7', 4e4 + i, '203.0.113.9', 443, 'tcp', i % 7, 3, 100 + i, 50]);
  const form = new FormData();
  form.append('file', new Blob([[header, ...rows].join('\\n')]), 'flows.csv');
  const upload = await fetch(url + '/upload', { method: 'POST', body: form });
  if (!upload.ok) throw new Error(await upload.text());
  for (const page of ['/', '/history', '/api/v1/monitor', '/api/v1/devices', '/api/v1/alerts']) await fetch(url + page);
  process.exit((await (await fetch(url + '/history')).json()).length === 1 ? 0 : 1);`;

describeWith(noLab, 'guardian serve in a network that leads out', () => {
  let lab: Lab;
  let data: string;
  let server: ChildProcess;
  let watcher: Watcher;

  beforeEach(async () => {
    data = mkdtempSync(path.join(tmpdir(), 'guardian-privacy-'));
    lab = createLab();
    watcher = await startMonitor(lab, '--learn-hours', '0', '--filter', 'ip and not igmp');
    const flags = ['serve', '--no-auth', '--data', data, '--interface', lab.insideInterface];
    server = lab.start(process.execPath, TYPES, path.join(root, 'src/cli/main.ts'), ...flags);
  });
  afterEach(async () => {
    if (server.exitCode === null) {
      const ended = once(server, 'close');
      for (const pid of lab.processes()) process.kill(pid, 'SIGTERM');
      await ended;
    }
    await watcher.stop();
    lab.remove();
    rmSync(data, { recursive: true });
  });

  test('it starts, watches, analyses an upload and shows its pages without a packet to the outside', async () => {
    expect(await lab.run(process.execPath, '--input-type=module', '-e', VISIT)).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const before = watcher.lines.filter(({ type }) => type === 'device');
    expect(before).toEqual([]);
    // And if there were one, it would be seen.
    await lab.run(process.execPath, '-e', SEND, lab.outside, '3');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await watcher.stop();
    const account = watcher.lines.findLast(({ type }) => type === 'stats')!;
    expect(account.parsed).toBeGreaterThanOrEqual(3);
    expect(account.offered - account.parsed).toBe(0);
  }, 90_000);
});
