/** The systemd units by systemd's own judgement, without a machine that runs them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderUnits } from '../../src/service/units.ts';
import { describeWith } from '../needs.ts';
import { missingPrograms } from './machine.ts';

describeWith(missingPrograms('systemd-analyze'), 'the systemd units', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'guardian-units-'));
    const command = [process.execPath, '/opt/it is 100 % $odd/main.js'];
    const tool = { kind: 'tcpdump' as const, path: execFileSync('which', ['cat'], { encoding: 'utf8' }).trim() };
    for (const [name, text] of Object.entries(renderUnits({ command, tool, homes: ['/home/some one/guardian'] }))) {
      writeFileSync(path.join(folder, name), text);
    }
    copyFileSync(path.join(folder, 'guardian-capture@.service'), path.join(folder, 'guardian-capture@1.service'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('systemd reads them without a complaint', () => {
    const units = ['guardian.service', 'guardian-capture.socket', 'guardian-capture@1.service'];
    const { status, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', ...units.map((name) => path.join(folder, name))],
      {
        encoding: 'utf8',
      },
    );
    const ours = stderr.split('\n').filter((line) => line.includes('guardian'));
    expect([status, ours]).toEqual([0, []]);
  });

  test.each([
    ['guardian.service', 2],
    ['guardian-capture@1.service', 3],
  ])('%s is exposed less than %d', (name, most) => {
    const args = ['security', '--offline=true', '--no-pager', path.join(folder, name)];
    const { stdout } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
    const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(stdout)![1]);
    process.stdout.write(`${name}: exposure ${exposure}\n`);
    expect(exposure).toBeLessThan(most);
  });
});
