/** The npm package in an empty folder, under the Nodes that people have. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { root } from '../cli/guardian.ts';
import { until } from './machine.ts';

const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

describe.each([20, 24])('the npm package under Node %i', (major) => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  const npm = (cwd: string, ...args: string[]) => spawnSync('npm', args, { cwd, env, encoding: 'utf8' });

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), `guardian-npm-${major}-`));
    for (const name of ['node', 'empty']) execFileSync('mkdir', [path.join(folder, name)]);
    const { npm_config_registry, HOME, npm_config_userconfig } = process.env;
    env = {
      HOME,
      PATH: process.env.PATH,
      npm_config_registry,
      npm_config_userconfig,
      npm_config_prefer_offline: 'true',
    };
    execFileSync('npm', ['install', '--prefix', path.join(folder, 'node'), '--no-audit', `node-${platform}@${major}`], {
      stdio: 'ignore',
    });
    const bin = path.join(folder, 'node/node_modules', `node-${platform}`, 'bin');
    env.PATH = bin + path.delimiter + process.env.PATH;
    expect(execFileSync('node', ['--version'], { env, encoding: 'utf8' })).toMatch(new RegExp(`^v${major}\\.`));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('it installs without a warning, and takes no more than 100 MB beside Node', () => {
    const tarball = readdirSync(inject('release')).find((name) => name.endsWith('.tgz'))!;
    const empty = path.join(folder, 'empty');
    const { status, stderr } = npm(empty, 'install', '--no-audit', '--no-fund', path.join(inject('release'), tarball));
    expect([status, stderr]).toEqual([0, '']);
    expect(
      readdirSync(path.join(empty, 'node_modules'))
        .filter((name) => !name.startsWith('.'))
        .sort(),
    ).toEqual(['home-iot-guardian', `node-${platform}`]);
    const megabytes = Number(
      execFileSync('du', ['-sm', 'node_modules/home-iot-guardian'], { cwd: empty, encoding: 'utf8' }).split('\t')[0],
    );
    process.stdout.write(`installed without Node: ${megabytes} MB\n`);
    expect(megabytes).toBeLessThanOrEqual(100);
  });

  test.each(['guardian', 'home-iot-guardian'])('npx %s scans a capture, and npm says nothing', (name) => {
    const empty = path.join(folder, 'empty');
    const capture = path.join(folder, 'home.pcap');
    const made = spawnSync(
      'npx',
      [name, 'simulate', '--devices', '4', '--hours', '0.2', '--attack', 'scan', '--force', '--out', capture],
      { cwd: empty, env, encoding: 'utf8' },
    );
    expect([made.status, made.stderr]).toEqual([0, expect.not.stringContaining('npm warn')]);
    const { status, stdout, stderr } = spawnSync('npx', [name, 'scan', '--json', capture], {
      cwd: empty,
      env,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('npm warn')]);
    expect(JSON.parse(stdout).alerts.length).toBeGreaterThan(0);
  });

  test('npx home-iot-guardian serve answers', async () => {
    const args = ['home-iot-guardian', 'serve', '--no-auth', '--port', '0', '--data', path.join(folder, 'data')];
    const child = spawn('npx', args, { cwd: path.join(folder, 'empty'), env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const address = () => /Home IoT Guardian is on (\S+)/.exec(said)?.[1];
    await until(() => address() !== undefined, 'the server');
    const [page, status] = await Promise.all([fetch(address()!), fetch(`${address()}/status`)]);
    expect(await page.text()).toContain('<div id="root">');
    expect(await status.json()).toMatchObject({ status: 'operational', version: '0.1.0' });
    child.kill('SIGTERM');
    await until(() => child.exitCode !== null || child.signalCode !== null, 'its end');
  });
});

test('what is published is what the checkout locks', () => {
  const tarball = readdirSync(inject('release')).find((name) => name.endsWith('.tgz'))!;
  const read = (member: string): Record<string, string> & { [key: string]: never } =>
    JSON.parse(
      execFileSync('tar', ['xzOf', path.join(inject('release'), tarball), `package/${member}`], { encoding: 'utf8' }),
    );
  const lock = JSON.parse(execFileSync('cat', ['package-lock.json'], { cwd: root, encoding: 'utf8' }));
  const { dependencies } = read('package.json') as unknown as { dependencies: Record<string, string> };
  for (const name of Object.keys(dependencies)) {
    expect([name, read(`node_modules/${name}/package.json`).version]).toEqual([
      name,
      lock.packages[`node_modules/${name}`].version,
    ]);
  }
});
