/** What is printed as a command is one, and does what a reader expects of it, as printed and from where they stand. */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callAs } from '../../src/cli/as-called.ts';
import { AppError } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';
import { openSqliteHistory } from '../../src/store/history/sqlite.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { trafficCsv } from '../e2e/product.ts';
import { connLog } from '../e2e/scanning.ts';
import { bin, guardian, root } from './guardian.ts';
import { createProgram, named, type Printed, toRun } from './printed-commands.ts';

/** Words of a shell, without its pipes. */
function words(line: string): string[] {
  const own = line.split(/ \|{1,2} | > | && /).find((part) => /(^|\s)guardian /.test(part))!;
  const [, text] = /(?:^|\s)guardian (.*)$/.exec(own)!;
  return (text.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll(/^['"]|['"]$/g, ''));
}

/** Parses as the command line does, without doing anything; what is wrong with it, or null. */
function misuse(line: string): string | null {
  const program = createProgram();
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
    command.configureOutput({ writeErr: () => {}, writeOut: () => {} }).exitOverride();
    // A group without an action of its own shows its help.
    if (command.commands.length === 0 || command.name() === 'hub') command.action(() => {});
  }
  try {
    program.parse(words(line), { from: 'user' });
    return null;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return error instanceof AppError || code !== 'commander.helpDisplayed' ? message : null;
  }
}

const unique = (printed: Printed[]): Printed[] => [...new Map(printed.map((one) => [one.line, one])).values()];

describe('printed commands', () => {
  test.each(unique(toRun()))('$line ($where) is understood', ({ line }) => expect(misuse(line)).toBeNull());

  test.each(unique(named()))('$line ($where) names a command and its options', ({ line }) => {
    // In a sentence a command may stand for all of its uses.
    const reason = misuse(line.replaceAll('…', 'FILE'));
    if (reason !== null)
      expect(reason).toMatch(
        /^error: (missing required argument|required option|option '.*' argument missing)|^\(outputHelp\)$/,
      );
  });

  test('there are many, so that none is overlooked', () => {
    expect(unique(toRun()).length).toBeGreaterThan(40);
    expect(unique(named()).length).toBeGreaterThan(15);
  });
});

/** It needs a network, a router, a Zeek or a PostgreSQL of its own: test/lab/ and test/conformance/ have those. */
const ELSEWHERE =
  /--(interface|ssh|netflow|zeek|active)\b|sudo |tcpdump |\bserve\b|\bmonitor\b|guardian (doctor|health|service|join|leave|hub|fleet)\b|user (add|reset-password) |store copy /;
/** It trains for minutes; what it trains with is tested where it is. */
const SLOW = /guardian (train|evaluate|optimize [^-])|--hours (24|76)|--model |model list|models\/home/;
/** Figures of a table, with data that is not in the project. */
const FIGURES = /\$|\.\.\/shared|docs\/detection/;

describe('what can be run anywhere runs, as printed', { timeout: 120_000 }, () => {
  let folder: string;
  const run = (line: string): Promise<{ code: number | null; output: string }> =>
    new Promise((resolve, reject) => {
      // The folder has the program as a dependency, so that npx finds it, and the shell finds it by its name.
      const PATH = `${path.join(folder, 'shell')}${path.delimiter}${process.env.PATH}`;
      const child = spawn('bash', ['-c', `set -o pipefail; ${line}`], {
        cwd: folder,
        env: { ...process.env, PATH, XDG_DATA_HOME: folder },
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text) => (output += text));
      child.on('error', reject).on('close', (code) => resolve({ code, output }));
      child.stdin.end();
    });

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'guardian-printed-'));
    for (const place of ['shell', 'node_modules/.bin']) {
      mkdirSync(path.join(folder, place), { recursive: true });
      symlinkSync(bin, path.join(folder, place, 'guardian'));
    }
    writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
    const capture = path.join(folder, 'capture.pcap');
    await guardian(['simulate', '--devices', 'hub,plug,camera', '--hours', '0.3', '--out', capture]);
    for (const name of ['monday', 'tuesday', 'mon', 'tue', 'wednesday'])
      copyFileSync(capture, path.join(folder, `${name}.pcap`));
    for (const name of ['capture.pcapng.gz', 'other.pcap.gz'])
      writeFileSync(path.join(folder, name), gzipSync(readFileSync(capture)));
    writeFileSync(path.join(folder, 'conn.log.gz'), gzipSync(connLog()));
    writeFileSync(path.join(folder, 'traffic.csv'), trafficCsv({ labels: true }));
    // As a server has left it.
    const kept = { directory: path.join(folder, 'home-iot-guardian'), log: createLog({ level: 'silent' }) };
    await (await openSqliteStore(kept)).close();
    await (await openSqliteHistory(kept)).close();
    const mapping = { sent: 'orig_pkts', got: 'resp_pkts', out: 'orig_bytes', in: 'resp_bytes' };
    writeFileSync(path.join(folder, 'firewall.json'), JSON.stringify(mapping));
    writeFileSync(path.join(folder, 'firewall.csv'), trafficCsv().replace(/^.*\n/, 'ts,sent,got,out,in\n'));
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  const runnable = unique(toRun()).filter(
    ({ line, where }) => !ELSEWHERE.test(line) && !SLOW.test(line) && !FIGURES.test(line + where),
  );

  test.each(runnable)('$line ($where)', async ({ line }) => {
    // What an earlier example wrote is replaced.
    const again = line.replace(/(simulate|export|--dns|--report \S+)/, '$1 --force');
    const { code, output } = await run(again.endsWith('--init') ? `${again} --force` : again);
    // 1: something was found.
    expect(code === 1 && /--fail-on/.test(line) ? 0 : code, output).toBe(0);
  });

  test('outside its folder a command is written so that it runs there, and nothing of that name is fetched', async () => {
    const env = { ...process.env, PATH: '/usr/bin:/bin', npm_command: '' };
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'guardian-elsewhere-'));
    const { stderr } = await guardian(['scan', 'no.pcap', '--threshold', 'x'], { cwd: elsewhere, env });
    const { stdout } = await guardian(['scan', '--help'], { cwd: elsewhere, env });
    expect(stdout + stderr).not.toMatch(/npx guardian/);
    expect(stdout).toContain(callAs('guardian scan capture.pcap', `node ${bin}`));
    rmSync(elsewhere, { recursive: true });
  });
});

test('the service file starts the program that printed it, as a user who exists', async () => {
  const data = mkdtempSync(path.join(tmpdir(), 'guardian service-'));
  const { stdout } = await guardian(['optimize', '--service'], {
    env: { GUARDIAN_DATA: path.join(data, 'new folder'), GUARDIAN_MONITOR_INTERFACE: '' },
  });
  const unit = Object.fromEntries([...stdout.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
  const shell = (command: string): Promise<{ code: number | null; output: string; child: ReturnType<typeof spawn> }> =>
    new Promise((resolve) => {
      const child = spawn('sh', ['-c', `exec ${command}`], {
        env: { PATH: '/usr/bin:/bin', HOME: data, GUARDIAN_SERVER_PORT: '0' },
      });
      let output = '';
      child.stdout.on('data', () => {});
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (/is on http/.test(output)) resolve({ code: null, output, child });
      });
      child.on('close', (code) => resolve({ code, output, child }));
    });
  expect((await shell(`id ${unit.User} >&2`)).code).toBe(0);
  expect((await shell(unit.ExecStartPre.replace(/^\+/, ''))).code).toBe(0);
  // The interface is this machine's, and capturing is tested elsewhere.
  const { code, output, child } = await shell(unit.ExecStart.replace(/ --interface \S+/, ''));
  expect(code, output).toBeNull();
  child.kill();
  await new Promise((resolve) => child.on('close', resolve));
  rmSync(data, { recursive: true });
}, 60_000);

test('npm warns of nothing that this project has set', async () => {
  const { output } = await new Promise<{ output: string }>((resolve) => {
    const child = spawn('npm', ['run', '--silent=false'], { cwd: root });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part) => (text += part));
    child.on('close', () => resolve({ output: text }));
  });
  expect(output).not.toMatch(/npm warn/i);
});
