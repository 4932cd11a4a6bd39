import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { interfaceNames } from '../source/live/interfaces.ts';
import { examine, renderChecks } from './doctor.ts';

const loopback = interfaceNames().find((name) => name === 'lo' || name === 'lo0')!;

test('the doctor tells root that it is not needed, and how to do without; that is no failure', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guardian-privilege-'));
  const tool = path.join(folder, 'tcpdump');
  writeFileSync(tool, "#!/bin/sh\nprintf 'something'; sleep 30\n");
  chmodSync(tool, 0o755);
  const look = (isRoot: boolean) => examine({ interface: loopback, searchPath: folder, isRoot });
  const [root, other] = [await look(true), await look(false)];
  rmSync(folder, { recursive: true });
  const note = root.checks.find(({ name }) => name === 'privilege')!;
  expect(note).toMatchObject({ ok: null, what: expect.stringContaining('runs as root and need not') });
  if (process.platform === 'linux') expect(note.mend).toEqual([`sudo setcap cap_net_raw=ep ${tool}`]);
  expect(renderChecks(root)).toContain(`           ${note.mend[0]}\n`);
  expect(root.ready).toBe(other.ready);
  expect(other.checks.map(({ name }) => name)).not.toContain('privilege');
});
