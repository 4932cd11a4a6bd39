/** How soon an installation answers on a slow processor: half of one core, given by the kernel. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { describeWith } from '../needs.ts';
import { missingPrograms } from './machine.ts';

const MOST_SECONDS = 4;
const OLD = '/sys/fs/cgroup/cpu';
const NEW = '/sys/fs/cgroup/cgroup.controllers';
const GROUP = existsSync(OLD) ? path.join(OLD, `guardian-${process.pid}`) : `/sys/fs/cgroup/guardian-${process.pid}`;

const missing = missingPrograms('tar') ?? (existsSync(OLD) || existsSync(NEW) ? null : 'groups of processes (cgroups)');
describeWith(missing, 'an installed Guardian on half of one core', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'guardian-slow-'));
    const tarball = readdirSync(inject('release')).find((name) => name.endsWith('.tgz'))!;
    execFileSync('tar', ['xzf', path.join(inject('release'), tarball), '-C', folder]);
    mkdirSync(GROUP);
    if (existsSync(OLD)) writeFileSync(path.join(GROUP, 'cpu.cfs_quota_us'), '50000');
    else writeFileSync(path.join(GROUP, 'cpu.max'), '50000 100000');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
    rmdirSync(GROUP);
  });

  /** Seconds from the start of the process to the first answer of its page. */
  async function start(): Promise<number> {
    const main = path.join(folder, 'package/dist/cli/main.js');
    const serve = ['serve', '--no-auth', '--port', '0', '--data', path.join(folder, 'data')];
    const flags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];
    const join = `echo $$ > ${GROUP}/cgroup.procs; exec "$@"`;
    const began = performance.now();
    const child = spawn('sh', ['-c', join, 'sh', process.execPath, ...flags, main, ...serve], {
      env: { PATH: process.env.PATH, HOME: folder, NODE_COMPILE_CACHE: path.join(folder, 'compile') },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const url = await new Promise<string>((resolve) => {
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const found = /Home IoT Guardian is on (\S+)/.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    expect((await fetch(url)).status).toBe(200);
    const seconds = (performance.now() - began) / 1000;
    child.kill('SIGTERM');
    await new Promise((resolve) => child.on('exit', resolve));
    return seconds;
  }

  test(`it answers within ${MOST_SECONDS} s`, async () => {
    const first = await start();
    const later: number[] = [];
    for (let run = 0; run < 3; run++) later.push(await start());
    const median = later.sort((a, b) => a - b)[1];
    process.stdout.write(
      `first start ${first.toFixed(2)} s, later ones ${later.map((one) => one.toFixed(2)).join(', ')} s\n`,
    );
    expect(median).toBeLessThanOrEqual(MOST_SECONDS);
  });
});
