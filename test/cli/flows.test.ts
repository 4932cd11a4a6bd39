/** `guardian flows` with what is not a capture: mapped tables, exporters, a growing Zeek log, and several inputs at once. */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { homeFrames } from '../capture/home-frames.ts';
import { writeCapture } from '../capture/write-capture.ts';
import { netflowV5 } from '../conformance/netflow-builder.ts';
import { sflowFile } from '../conformance/sflow-builder.ts';
import { bin, guardian } from './guardian.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'guardian-flows-'));
const at = (name: string): string => path.join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const json = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

/** A command that runs until it is told to end; its standard error says when it has begun. */
function running(args: string[]) {
  const child = spawn(process.execPath, [bin, ...args]);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const until = async (done: () => boolean): Promise<void> => {
    while (!done() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  return { child, ended, until, out: () => stdout, err: () => stderr };
}

describe('several inputs', () => {
  it('are one table; a bad one is named, the others are read, and the exit code is 3', async () => {
    const capture = at('home.pcap');
    writeFileSync(capture, writeCapture(homeFrames(200)).bytes);
    const log = await guardian(['flows', capture]);
    const run = await guardian(['flows', at('none'), capture, '-', '--stats'], { input: log.stdout });
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/There is no file .*none/);
    expect(run.stderr.match(/^account +(\d+) = \d+ \+ \d+ \+ \d+$/gm)).toHaveLength(2);
    expect(run.stderr.match(/^file +(\S+)$/gm)?.map((line) => line.replace(/^file +/, ''))).toEqual([capture, '-']);
    expect(run.stdout.match(/^#fields/gm)).toHaveLength(1);
    const rows = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(rows(run.stdout)).toEqual([...rows(log.stdout), ...rows(log.stdout)]);
    for (const name of ['layer ipv4', 'layer udp', 'packets/s', 'records/s', 'format +zeek']) {
      expect(run.stderr).toMatch(new RegExp(`^${name}`, 'm'));
    }
  });

  it('need to be something: files, or one source', async () => {
    for (const args of [[], ['x.pcap', '--netflow', '2055'], ['--zeek', folder, '--netflow', '2055']]) {
      const { code, stderr } = await guardian(['flows', ...args]);
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining('name files, or one of --netflow, --zeek and --history'),
      ]);
    }
    const folders = await guardian(['flows', folder]);
    expect([folders.code, folders.stderr]).toEqual([3, expect.stringContaining('is a folder')]);
  });
});

describe('packed captures that are not whole', () => {
  const { bytes } = writeCapture(homeFrames(3000));
  const rows = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  it('lose nothing to what stands behind them', async () => {
    writeFileSync(at('whole.pcap'), bytes);
    writeFileSync(at('trailed.pcap.gz'), Buffer.concat([gzipSync(bytes), Buffer.alloc(350, 'garbage')]));
    const whole = await guardian(['flows', at('whole.pcap')]);
    const trailed = await guardian(['flows', at('trailed.pcap.gz'), '--stats']);
    expect(rows(trailed.stdout)).toEqual(rows(whole.stdout));
    expect([trailed.code, trailed.stdout]).toEqual([0, expect.stringMatching(/#close\t\S+\n$/)]);
    expect(trailed.stderr).toMatch(/has bytes behind its gzip data.*^weird gzip.trailing_bytes +1$/ms);
  });

  it('give what came out before the damage, with the account, and exit with 3', async () => {
    // No block of deflate begins with these bits.
    const half = bytes.length >> 1;
    const [first, second] = [gzipSync(bytes.subarray(0, half)), gzipSync(bytes.subarray(half))];
    second[10] = 0xff;
    writeFileSync(at('damaged.pcap.gz'), Buffer.concat([first, second]));
    const run = await guardian(['flows', at('damaged.pcap.gz'), '--stats']);
    expect(run.code).toBe(3);
    expect(Number(/damaged near byte (\d+)/.exec(run.stderr)?.[1])).toBe(first.length + 10);
    expect(Number(/^account +(\d+) =/m.exec(run.stderr)?.[1])).toBeGreaterThan(100);
    expect(rows(run.stdout).length).toBeGreaterThan(10);
    expect(run.stdout).toMatch(/#close\t\S+\n$/);
    const scan = await guardian(['scan', at('damaged.pcap.gz')]);
    expect([scan.code, scan.stderr]).toEqual([3, expect.stringContaining('(corrupt_compression)')]);
  });

  it('and logs with a line that is none say what was read before it', async () => {
    const log = (await guardian(['flows', at('whole.pcap')])).stdout;
    writeFileSync(at('long.log'), `${log.repeat(20)}${'x'.repeat(2 << 20)}\n`);
    const run = await guardian(['flows', at('long.log'), '--stats']);
    expect([run.code, run.stdout]).toEqual([3, expect.stringMatching(/#close\t\S+\n$/)]);
    expect(run.stderr).toMatch(/^account +\d+ =.*\(line_too_long\)/ms);
  });
});

describe('side records', () => {
  const side = (input: string, dir: string, ...more: string[]) =>
    guardian(['flows', input, '--dns', '--tls', '--devices', '--side-dir', dir, ...more]);

  it('never replace a file, such as a log of Zeek, unless told to', async () => {
    const zeek = at('zeek-logs');
    mkdirSync(zeek);
    for (const name of ['dns.log', 'ssl.log']) writeFileSync(path.join(zeek, name), 'a month of work');
    const capture = at('side.pcap');
    writeFileSync(capture, writeCapture(homeFrames(50)).bytes);
    const log = path.join(zeek, 'conn.log');
    writeFileSync(log, (await guardian(['flows', capture])).stdout);
    for (const input of [capture, log]) {
      const run = await side(input, zeek);
      expect([run.code, run.stdout]).toEqual([2, '']);
      expect(run.stderr).toMatch(/dns\.log" exists already.*--side-dir DIR.*--force.*\(side_file_exists\)/);
    }
    // No packets, nothing to write: not even with --force.
    expect(await side(log, zeek, '--force')).toMatchObject({ code: 0, stderr: expect.stringMatching(/no packets/) });
    for (const name of ['dns.log', 'ssl.log']) expect(readFileSync(path.join(zeek, name), 'utf8')).toMatch(/month/);
    expect(existsSync(path.join(zeek, 'devices.json'))).toBe(false);
    expect(await side(capture, zeek, '--force')).toMatchObject({ code: 0 });
    expect(readFileSync(path.join(zeek, 'dns.log'), 'utf8')).not.toMatch(/month/);
  });

  it('make their folder, where there are packets', async () => {
    const made = at('made/here');
    expect(await side(at('none.pcap'), made)).toMatchObject({ code: 3 });
    expect(existsSync(made)).toBe(false);
    expect(await side(at('side.pcap'), made)).toMatchObject({ code: 0 });
    expect(readdirSync(made).sort()).toEqual(['devices.json', 'dns.log', 'ssl.log']);
    const blocked = await side(at('side.pcap'), at('side.pcap'));
    expect([blocked.code, blocked.stderr]).toEqual([4, expect.stringContaining('(output_not_writable)')]);
  });
});

describe('a table with other names', () => {
  it('is read through a mapping, by flows and by scan', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `10.0.0.${i % 2},${443 + i},${i},${2 * i},${i + 1},${i + 2}`);
    writeFileSync(at('firewall.csv'), `Source,Port,Out,In,POut,PIn\n${rows.join('\n')}\n`);
    const mapping = { Source: 'id.orig_h', Port: 'id.resp_p', Out: 'orig_bytes', In: 'resp_bytes' };
    writeFileSync(at('firewall.json'), JSON.stringify({ ...mapping, POut: 'orig_pkts', PIn: 'resp_pkts' }));
    const flows = await guardian(['flows', at('firewall.csv'), '--mapping', at('firewall.json'), '--format', 'json']);
    expect(json(flows.stdout)[3]).toMatchObject({ 'id.orig_h': '10.0.0.1', 'id.resp_p': 446, resp_bytes: 6 });
    const scan = await guardian(['scan', at('firewall.csv'), '--mapping', at('firewall.json'), '--json']);
    expect(JSON.parse(scan.stdout)).toMatchObject({ format: 'csv', records: 40, total_samples: 30 });
    writeFileSync(at('bad.json'), '{"Source": "colour"}');
    const bad = await guardian(['scan', at('firewall.csv'), '--mapping', at('bad.json')]);
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('"colour" is no field')]);
  });
});

describe('exporters', () => {
  it('are heard until Ctrl-C, and every record is accounted for', async () => {
    const run = running(['flows', '--netflow', '0', '--format', 'json', '--stats']);
    await run.until(() => /127\.0\.0\.1:\d+/.test(run.err()));
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(run.err())?.[1]);
    const socket = createSocket('udp4');
    socket.send(netflowV5(), port, '127.0.0.1');
    socket.send(Buffer.from('GET / HTTP/1.0'), port, '127.0.0.1');
    // UDP may lose what it likes, also here: the account says what came.
    await new Promise((resolve) => setTimeout(resolve, 200));
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(0);
    socket.close();
    const [, offered, parsed, rejected] = /^account +(\d+) = (\d+) \+ (\d+) \+ 0$/m.exec(run.err()) ?? [];
    expect(json(run.out())).toHaveLength(Number(parsed));
    expect([Number(offered), Number(rejected)]).toEqual([Number(parsed) + 1, 1]);
    expect(Number(parsed)).toBeGreaterThan(0);
  });

  it('of samples leave estimates, and that is said without being asked', async () => {
    writeFileSync(at('switch.sflow'), sflowFile());
    const { code, stdout, stderr } = await guardian(['flows', at('switch.sflow'), '--format', 'json']);
    expect([code, json(stdout).length]).toEqual([0, 2]);
    expect(stderr).toContain('a sampled packet stands for many: its counts are estimates (3 times).');
  });

  it('cannot send to a port that is none', async () => {
    const { code, stderr } = await guardian(['flows', '--netflow', 'router:2055']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('neither PORT nor ADDRESS:PORT')]);
    const duration = await guardian(['flows', '--netflow', '0', '--duration', 'soon']);
    expect([duration.code, duration.stderr]).toEqual([2, expect.stringContaining('(bad_option)')]);
  });
});

describe('the folder of a running Zeek', () => {
  it('is followed: what is there, and what comes, at once', async () => {
    const logs = at('zeek');
    mkdirSync(logs);
    const row = (uid: string): string => `{"ts":1,"uid":"${uid}","id.orig_h":"10.0.0.1","orig_pkts":1}\n`;
    writeFileSync(path.join(logs, 'conn.log'), row('C1'));
    const run = running(['flows', '--zeek', logs, '--format', 'json', '--duration', '60']);
    await run.until(() => run.out().includes('C1'));
    appendFileSync(path.join(logs, 'conn.log'), row('C2'));
    await run.until(() => run.out().includes('C2'));
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    expect(json(run.out()).map(({ uid }) => uid)).toEqual(['C1', 'C2']);
  });

  it('ends by itself after its time', async () => {
    const { code, stdout, stderr } = await guardian(['flows', '--zeek', folder, '--duration', '0.2', '--quiet']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^#separator .*#close\t\S+\n$/s);
  });
});
