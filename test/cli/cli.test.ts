/** The command line from outside: results, messages, exit codes, pipes. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../src/log.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { bin, guardian, root } from './guardian.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'guardian-cli-'));
const at = (name: string): string => path.join(folder, name);
const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

const home = at('home.pcap');
const simulation = ['simulate', '--devices', '8', '--hours', '0.2', '--attack', 'scan', '--seed', '7'];

beforeAll(async () => {
  const { code, stderr } = await guardian([...simulation, '--out', home]);
  expect(stderr).toMatch(/^Wrote .*home\.pcap: [\d,]+ packets of 8 devices, [\d,]+ of them of attacks\.$/m);
  expect(code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('guardian', () => {
  it('shows examples and exit codes with --help, for itself and every command', async () => {
    const { code, stdout } = await guardian(['--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Exit codes: 0 fine/);
    const commands = [...stdout.matchAll(/^ {2}(\w+) .*\[?options\]?.*$/gm)].map(([, name]) => name);
    expect(commands).toEqual(expect.arrayContaining(['serve', 'scan', 'flows', 'train', 'simulate', 'config']));
    for (const command of commands) {
      const help = await guardian([command, '--help']);
      expect(help.code).toBe(0);
      expect(help.stdout).toMatch(/Examples:/);
    }
  });

  it('answers wrong use with 2 and a suggestion', async () => {
    for (const args of [['scam'], ['scan'], ['scan', '--jsno', home], ['config', '--config', at('none.yaml')]]) {
      const { code, stdout, stderr } = await guardian(args);
      expect([args, code, stdout]).toEqual([args, args[0] === 'config' ? 3 : 2, '']);
      expect(stderr.length).toBeGreaterThan(10);
    }
    expect((await guardian(['scam'])).stderr).toContain('Did you mean scan?');
  });

  it('says what to give where nothing was given, as it was called', async () => {
    for (const [npm_command, name] of [
      // In the folder of the program, by the file that starts it: nothing else is certain to be found.
      ['', 'node bin/guardian.cjs'],
      ['exec', 'npx guardian'],
    ]) {
      const says = async (...args: string[]) => guardian(args, { env: { npm_command } });
      const monitor = await says('monitor');
      expect(monitor.code).toBe(2);
      expect(monitor.stderr).toMatch(/^Error: Nothing was given to watch\. .*\blo0?\b.*\(nothing_to_watch\)$/m);
      expect(monitor.stderr).toContain(`example: ${name} monitor --interface `);
      const discover = await says('discover');
      expect(discover.code).toBe(2);
      expect(discover.stderr).toContain(
        `Nothing was given to look at. Give captures ("${name} discover capture.pcap")`,
      );
      expect((await says('doctor', '--help')).stdout).toContain(`\n  ${name} doctor --interface eth0 --json`);
      expect((await says('doctor', '--interface', 'nope')).stderr).not.toContain('npx npx');
    }
  });

  it('finds its own Node when an old one starts it', () => {
    // The machine's own Node, without the pinned one that runs the tests.
    const PATH = process.env.PATH?.split(path.delimiter).filter((entry) => !entry.includes('node_modules'));
    const env = { ...process.env, PATH: PATH?.join(path.delimiter) };
    const old = spawnSync('/usr/bin/env', ['node', bin, '--version'], { encoding: 'utf8', cwd: folder, env });
    expect(old.stderr).toBe('');
    expect(old.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('guardian simulate', () => {
  it('gives the same bytes for the same seed and others for another', async () => {
    await guardian([...simulation, '--out', at('again.pcap')]);
    await guardian([...simulation.slice(0, -1), '8', '--out', at('other.pcap')]);
    expect(digest(at('again.pcap'))).toBe(digest(home));
    expect(digest(at('again.packet_labels.csv'))).toBe(digest(at('home.packet_labels.csv')));
    expect(digest(at('other.pcap'))).not.toBe(digest(home));
  });

  it('names what it can do when asked for something else', async () => {
    const { code, stderr } = await guardian(['simulate', '--attack', 'meteor', '--out', at('x.pcap')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/meteor.*scan/s);
  });
});

describe('guardian flows', () => {
  it("writes Zeek's table: eight header lines, rows, a closing line", async () => {
    const { code, stdout } = await guardian(['flows', home, '--format', 'zeek']);
    const lines = stdout.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(lines.slice(0, 7).map((line) => line.split(/[\t ]/)[0])).toEqual([
      '#separator',
      '#set_separator',
      '#empty_field',
      '#unset_field',
      '#path',
      '#open',
      '#fields',
    ]);
    const fields = lines[6].split('\t').slice(1);
    const rows = lines.slice(8, -1).map((line) => line.split('\t'));
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.every((row) => row.length === fields.length)).toBe(true);
    expect(lines.at(-1)).toMatch(/^#close\t/);
  });

  it('reads a gzipped capture from a pipe and gives the same records as JSON', async () => {
    const piped = await guardian(['flows', '-', '--format', 'json'], { input: gzipSync(readFileSync(home)) });
    const direct = await guardian(['flows', home, '--format', 'json']);
    expect(piped.stdout).toBe(direct.stdout);
    expect(JSON.parse(direct.stdout.split('\n')[0])).toMatchObject({
      uid: expect.stringMatching(/^C/),
      proto: expect.any(String),
    });
  });

  it('writes CSV and Parquet that it reads back the same, and side records on request', async () => {
    const direct = await guardian(['flows', home, '--format', 'json']);
    const uids = (text: string): string[] =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).uid);
    for (const format of ['csv', 'parquet']) {
      const target = at(`conn.${format}`);
      const command = `"${process.execPath}" "${bin}" flows "${home}" --format ${format} > "${target}"`;
      expect(spawnSync('bash', ['-c', command]).status).toBe(0);
      const back = await guardian(['flows', target, '--format', 'json']);
      expect([format, uids(back.stdout)]).toEqual([format, uids(direct.stdout)]);
    }
    const side = await guardian(['flows', home, '--dns', '--tls', '--devices', '--side-dir', folder]);
    expect(side.stderr).toMatch(/Wrote .*dns\.log\.\nWrote .*ssl\.log\.\nWrote .*devices\.json\./);
    const records = (name: string): Record<string, unknown>[] =>
      readFileSync(at(name), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    expect(records('dns.log')[0]).toMatchObject({ query: expect.any(String), 'id.resp_p': 53 });
    for (const { rtt } of records('dns.log')) expect(String(rtt ?? 0)).toMatch(/^\d+(\.\d{1,6})?$/);
    const handshake = { ja3: expect.stringMatching(/^[0-9a-f]{32}$/), cipher: expect.stringMatching(/^TLS_/) };
    expect(records('ssl.log')[0]).toMatchObject(handshake);
    expect(records('devices.json').length).toBeGreaterThanOrEqual(8);
  });

  it('ends quietly when the reader has seen enough', () => {
    const shell = `"${process.execPath}" "${bin}" flows "${home}" | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', shell], { encoding: 'utf8' });
    expect(stdout).toBe('#separator \\x09\n0\n');
    expect(stderr).toBe('');
  });

  it('accounts for every packet with --stats, on standard error', async () => {
    const { stderr } = await guardian(['flows', home, '--stats']);
    const count = (name: string): number => Number(new RegExp(`^${name} +(\\d+)$`, 'm').exec(stderr)?.[1]);
    expect(count('offered')).toBe(readFileSync(at('home.packet_labels.csv'), 'utf8').trimEnd().split('\n').length - 1);
    const rejected = [...stderr.matchAll(/^rejected .* (\d+)$/gm)].reduce((sum, [, n]) => sum + Number(n), 0);
    expect(count('offered')).toBe(count('parsed') + rejected);
  });
});

describe('guardian scan', () => {
  it('uses the model that comes with it, says what is unusual, and exits as asked', async () => {
    const json = await guardian(['scan', home, '--json']);
    expect(json.stderr).toBe('');
    const outcome = JSON.parse(json.stdout);
    expect(outcome).toMatchObject({ format: 'pcap', alerts: expect.any(Array), devices: expect.any(Array) });
    expect(outcome.details.length).toBe(outcome.anomalies_count);
    // Eight and the router, however many addresses they have.
    expect(outcome.devices.length).toBeLessThanOrEqual(9);
    const text = await guardian(['scan', home, '--fail-on', 'Low']);
    expect(text.code).toBe(outcome.alerts.length > 0 ? 1 : 0);
    expect(text.stdout).toContain('home.pcap: ');
  });

  it('goes on with other files after a bad one and exits with 3', async () => {
    writeFileSync(at('empty.pcap'), '');
    writeFileSync(at('page.csv'), '<!doctype html><html></html>');
    const { code, stdout, stderr } = await guardian(['scan', at('empty.pcap'), at('page.csv'), home, '--json']);
    expect(code).toBe(3);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/empty\.pcap" is empty.*\(empty_file\)/);
    expect(stderr).toMatch(/page\.csv".*HTML.*\(unsupported_type\)/);
  });
});

describe('guardian train', () => {
  it('writes a model with its card that scan takes, the same for the same seed', async () => {
    for (const name of ['one', 'two']) {
      const { code, stdout } = await guardian([
        'train',
        home,
        '--detector',
        'published-flow',
        '--out',
        at(name),
        '--epochs',
        '2',
        '--seed',
        '5',
        '--json',
      ]);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ windows: expect.any(Number), strategies: expect.any(Array) });
    }
    const weights = (name: string): string =>
      JSON.parse(readFileSync(at(`${name}/manifest.json`), 'utf8')).weights.sha256;
    expect(weights('one')).toBe(weights('two'));
    writeFileSync(at('precious.txt'), 'mine');
    const refused = await guardian(['train', home, '--out', folder, '--epochs', '1']);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('(file_exists)')]);
    const ignored = await guardian(['train', home, '--out', at('no'), '--threshold', 'p95']);
    expect([ignored.code, ignored.stderr]).toEqual([2, expect.stringContaining('--threshold cannot be "p95"')]);
    const nowhere = await guardian(['train', home, '--out', '/proc/guardian-model']);
    expect([nowhere.code, nowhere.stderr]).toEqual([4, expect.stringContaining('(model_not_writable)')]);
    expect(readFileSync(at('one/card.html'), 'utf8')).toMatch(/<h1>Model card: published-flow<[\s\S]*<svg/);
    const { code } = await guardian(['scan', home, '--model', at('one'), '--json']);
    expect(code).toBe(0);
    const table = await guardian(['model', 'thresholds', at('one')]);
    expect(table.stdout).toMatch(/mean \+ 1\*std[\s\S]*mean \+ 2\*std[\s\S]*mean \+ 3\*std[\s\S]*95th percentile/);
    expect(table.stdout).toContain('In force: mean + 3*std.');
    for (const asked of [['list'], ['rollback'], ['use', 'v1']]) {
      const { stderr } = await guardian(['model', asked[0], at('one'), ...asked.slice(1)]);
      expect(stderr).toContain('(no_versions)');
    }
  });

  it('learns a home as a whole, in versions', async () => {
    const train = ['train', home, '--out', at('past'), '--epochs', '1', '--json'];
    expect(JSON.parse((await guardian(train)).stdout)).toMatchObject({ version: 'v1', devices: expect.any(Array) });
    expect(JSON.parse((await guardian(train)).stdout)).toMatchObject({ version: 'v2' });
    expect((await guardian(['scan', home, '--model', at('past')])).code).toBe(0);
    const { stdout } = await guardian(['model', 'list', at('past')]);
    expect(stdout).toMatch(/v1 +in service[\s\S]*v2 +on trial[\s\S]*v2 has watched/);
    await guardian(['model', 'use', at('past'), 'v2']);
    expect((await guardian(['model', 'rollback', at('past')])).stderr).toContain('v1');
    const oldest = await guardian(['model', 'rollback', at('past')]);
    expect([oldest.code, oldest.stderr]).toEqual([2, expect.stringContaining('v1 is the oldest version')]);
    expect((await guardian(['model', 'use', at('past'), 'v9'])).stderr).toContain('Choose v1, v2.');
    expect((await guardian(['model', 'thresholds', at('past')])).stderr).toContain('(model_unfit)');
    expect((await guardian(['model', 'list', at('absent')])).stderr).toContain('(model_not_found)');
  });
});

describe('guardian serve', () => {
  it('without accounts refuses other machines before it makes anything', async () => {
    const data = at('never');
    const open = await guardian(['serve', '--no-auth', '--host', '0.0.0.0', '--port', '0', '--data', data]);
    expect([open.code, open.stderr]).toEqual([2, expect.stringContaining('(not_loopback)')]);
    expect(existsSync(data)).toBe(false);
  });

  it('says what is wrong with its data folder, and ends', async () => {
    const serve = ['serve', '--no-auth', '--port', '0', '--data'];
    const taken = at('taken');
    const log = createLog({ level: 'silent' });
    const stores = await Promise.all(
      [taken, path.join(taken, 'demo')].map((directory) => openSqliteStore({ directory, log })),
    );
    for (const [args, reason] of [
      [[taken], 'data_in_use'],
      [[taken, '--demo'], 'data_in_use'],
      [[home], 'data_not_writable'],
      [[path.join(home, 'below'), '--demo'], 'data_not_writable'],
      // Node's own way to make a folder with its parents never returns there.
      ...(existsSync('/proc/self') ? [[['/proc/guardian'], 'data_not_writable'] as const] : []),
    ] as const) {
      const { code, stderr } = await guardian([...serve, ...args]);
      expect([args, code, stderr]).toEqual([args, 4, expect.stringContaining(`(${reason})`)]);
    }
    await Promise.all(stores.map((store) => store.close()));
  });
});

describe('guardian optimize and export', () => {
  it('write a smaller model that scan takes, and a file for ONNX Runtime', async () => {
    const { code, stdout } = await guardian(['optimize', '--calibrate', home, '--out', at('int8'), '--json']);
    expect(code).toBe(0);
    const { bytes, outputError, findings } = JSON.parse(stdout);
    expect(bytes.after / bytes.before).toBeLessThan(0.3);
    expect(outputError).toBeLessThan(0.05);
    expect(findings.map(({ check }: { check: string }) => check)).toContain('memory');
    expect((await guardian(['scan', home, '--model', at('int8'), '--json'])).code).toBe(0);
    expect((await guardian(['optimize', at('int8'), '--calibrate', home])).stderr).toContain('(model_unfit)');
    expect((await guardian(['export', '--out', at('model.onnx')])).code).toBe(0);
    const nowhere = await guardian(['export', '--out', at('nowhere/model.onnx')]);
    expect([nowhere.code, nowhere.stderr]).toEqual([4, expect.stringContaining('(output_not_writable)')]);
    expect(readFileSync(at('model.onnx')).length).toBeGreaterThan(100_000);
  });
});

describe('guardian config', () => {
  it('writes a file once and says where every value comes from', async () => {
    const first = await guardian(['config', '--init'], { cwd: folder });
    expect(first.code).toBe(0);
    const second = await guardian(['config', '--init'], { cwd: folder });
    expect([second.code, second.stderr]).toEqual([2, expect.stringContaining('(file_exists)')]);
    const { stdout } = await guardian(['config', '--json'], { cwd: folder, env: { GUARDIAN_SERVER_PORT: '8080' } });
    const rows = JSON.parse(stdout) as { setting: string; value: unknown; origin: string }[];
    expect(rows).toContainEqual(
      expect.objectContaining({ setting: 'server.port', value: 8080, origin: 'environment' }),
    );
  });
});

describe('guardian evaluate', () => {
  it('measures episodes on a simulated attack, as JSON and as text', async () => {
    const args = ['evaluate', '--protocol', 'episodes', '--test', home, '--truth', at('home.episodes.csv')];
    const { code, stdout } = await guardian([...args, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ protocol: 'episodes', summary: { episodes: 1, noticed: 1 } });
    expect((await guardian(args)).stdout).toMatch(/^summary\.noticed +1$/m);
    expect((await guardian(['evaluate', '--protocol', 'nonsense'])).code).toBe(2);
  });
});

describe('the documents', () => {
  it('name only tests that exist', () => {
    const text = readFileSync(path.join(root, 'docs/robustness.md'), 'utf8');
    const named = [...text.matchAll(/`((?:src|test)\/[\w/.-]+\.ts)`/g)].map(([, file]) => file);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });

  it('name only commands that exist', async () => {
    const { stdout } = await guardian(['--help']);
    const text = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md'].map((name) =>
      readFileSync(path.join(root, name), 'utf8'),
    );
    const named = new Set([...text.join('\n').matchAll(/(?:npx |^|\| )guardian (\w+)/gm)].map(([, name]) => name));
    expect([...named].filter((name) => !new RegExp(`^ {2}${name} `, 'm').test(stdout))).toEqual([]);
  });
});
