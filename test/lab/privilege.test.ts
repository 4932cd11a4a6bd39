/** Who may do what: Guardian without any privilege, and a capture tool that has just one, for as long as it needs it. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Accounts } from '../../src/account/accounts.ts';
import { createLog } from '../../src/log.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { describeWith } from '../needs.ts';
import { createLab, guardianMonitor, type Lab, type Line, noLab, root, SEND, tools, type Watcher } from './lab.ts';

const NOBODY = 65_534;
const isState =
  (wanted: string) =>
  ({ type, state }: Line): boolean =>
    type === 'state' && state === wanted;

/** Of /proc/PID/status. */
function statusOf(pid: number): { uid: number; capabilities: bigint } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): string => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(text)![1];
  return { uid: Number(field('Uid')), capabilities: BigInt(`0x${field('CapEff')}`) };
}

const missing = noLab ?? (tools.dumpcap === null ? 'dumpcap' : null);
describeWith(missing, 'guardian monitor without privilege', () => {
  let lab: Lab;
  let folder: string;
  let dumpcap: string;
  let watcher: Watcher;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'guardian-privilege-'));
    chmodSync(folder, 0o755);
    dumpcap = path.join(folder, 'dumpcap');
    copyFileSync(tools.dumpcap!, dumpcap);
    chownSync(dumpcap, 0, NOBODY);
    chmodSync(dumpcap, 0o750);
    grant();
    lab = createLab();
  });
  afterEach(async () => {
    await watcher.stop();
    lab.remove();
    rmSync(folder, { recursive: true });
  });

  function watchAsNobody(...flags: string[]): void {
    const ids = ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups'];
    const bounds = ['--bounding-set', '-all,+net_raw,+net_admin'];
    // Wherever this folder stands, nobody can read it there.
    const under = ['unshare', '--mount', 'sh', '-c', `mount --bind '${root}' /mnt && cd /mnt && exec "$@"`, 'sh'];
    watcher = guardianMonitor(
      ['--interface', lab.interface, '--learn-hours', '0', ...flags],
      [...under, 'setpriv', ...ids, ...bounds, 'env', `PATH=${folder}`],
      '/mnt',
    );
  }

  const grant = (): void => void execFileSync('setcap', ['cap_net_raw=ep', dumpcap]);

  test('neither it nor its dumpcap has any capability while they capture', async () => {
    watchAsNobody('--filter', 'udp port 9');
    await watcher.next(isState('watching'), 15);
    const nothing = { uid: NOBODY, capabilities: 0n };
    expect(statusOf(watcher.pid)).toEqual(nothing);
    // It gives the right back as soon as the interface is open.
    expect(statusOf(watcher.captureTool())).toEqual(nothing);
    await lab.run(process.execPath, '-e', SEND, lab.address, '20');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await watcher.stop()).toBe(0);
    expect(watcher.lines.findLast(({ type }) => type === 'stats')!.parsed).toBe(20);
  });

  test('a right that is taken away, and a tool that is replaced, are said; given back, it sees again', async () => {
    watchAsNobody();
    await watcher.next(isState('watching'), 15);
    execFileSync('setcap', ['-r', dumpcap]);
    process.kill(watcher.captureTool(), 'SIGKILL');
    const lost = await watcher.next(({ type, reason }) => type === 'state' && /permission/i.test(reason), 8);
    expect(lost.line.state).toBe('degraded');
    renameSync(dumpcap, `${dumpcap}.own`);
    writeFileSync(dumpcap, '#!/bin/sh\necho this is no capture\n', { mode: 0o755 });
    await watcher.next(
      ({ type, reason }) => type === 'state' && /cannot be analysed|could not be started/.test(reason),
      12,
    );
    renameSync(`${dumpcap}.own`, dumpcap);
    grant();
    await watcher.next(isState('watching'), 20);
    const gap = watcher.lines.findLast(({ type }) => type === 'gap')!;
    expect(gap.to).toBeGreaterThan(gap.from + 2);
  }, 60_000);

  test('a dumpcap that hangs cannot be asked, and is found out by what passes it', async () => {
    watchAsNobody();
    await watcher.next(isState('watching'), 15);
    const pid = watcher.captureTool();
    process.kill(pid, 'SIGSTOP');
    const sending = lab.run(process.execPath, '-e', SEND, lab.address, '1500');
    const { line, seconds } = await watcher.next(isState('degraded'), 6);
    expect(seconds).toBeLessThan(5);
    expect(line.reason).toMatch(/frames passed .* and none of them was captured/);
    await watcher.next(isState('watching'), 10);
    expect(watcher.captureTool()).not.toBe(pid);
    await sending;
  }, 60_000);
});

describeWith(noLab, 'guardian monitor as root', () => {
  let lab: Lab;
  let folder: string;
  let watcher: Watcher;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'guardian-root-'));
    lab = createLab();
  });
  afterEach(async () => {
    await watcher.stop();
    lab.remove();
    rmSync(folder, { recursive: true });
  });

  test('its tcpdump becomes somebody who can read neither the database nor a key (E13)', async () => {
    const data = path.join(folder, 'data');
    const log = createLog({ level: 'silent' });
    const store = await openSqliteStore({ directory: data, log });
    new Accounts({ store: store.accounts, settings: store.settings, directory: data, log });
    await store.close();
    // The way there is open: what keeps somebody out is the folder itself.
    chmodSync(folder, 0o755);
    watcher = guardianMonitor(['--interface', lab.interface, '--learn-hours', '0', '--filter', 'udp port 9']);
    await watcher.next(isState('watching'), 60);
    const { uid, capabilities } = statusOf(watcher.captureTool());
    expect(uid).not.toBe(0);
    expect(capabilities).toBe(0n);
    const as = (...command: string[]) =>
      spawnSync('setpriv', ['--reuid', String(uid), '--clear-groups', ...command], { encoding: 'utf8' });
    expect(as('cat', '/etc/hostname').status).toBe(0);
    for (const name of ['guardian.db', 'accounts.key']) {
      const { status, stderr } = as('cat', path.join(data, name));
      expect([status, stderr]).toEqual([1, expect.stringContaining('Permission denied')]);
    }
    // And it still captures.
    await lab.run(process.execPath, '-e', SEND, lab.address, '50');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await watcher.stop();
    expect(watcher.lines.findLast(({ type }) => type === 'stats')!.parsed).toBe(50);
  });
});
