/** Capture on a router over SSH: a real sshd and a real tcpdump in a network namespace stand for the router. */
import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeWith } from '../needs.ts';
import { createLab, guardianMonitor, type Lab, type Line, noLab, SEND, type Watcher } from './lab.ts';

const isState =
  (wanted: string) =>
  ({ type, state }: Line): boolean =>
    type === 'state' && state === wanted;

describeWith(noLab, 'guardian monitor --ssh', () => {
  let lab: Lab;
  let folder: string;
  let sshd: ChildProcess | null;
  let watcher: Watcher | null;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'guardian-ssh-'));
    [sshd, watcher] = [null, null];
    lab = createLab();
    for (const key of ['host', 'own']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, key)]);
    }
    copyFileSync(path.join(folder, 'own.pub'), path.join(folder, 'authorized'));
    const server = [
      `ListenAddress ${lab.inside}`,
      `HostKey ${folder}/host`,
      `AuthorizedKeysFile ${folder}/authorized`,
      ...['StrictModes no', 'PermitRootLogin prohibit-password', 'PidFile none'],
    ];
    writeFileSync(path.join(folder, 'sshd_config'), `${server.join('\n')}\n`);
    const client = `Host router\n HostName ${lab.inside}\n User root\n IdentityFile ${folder}/own\n`;
    writeFileSync(path.join(folder, 'ssh_config'), `${client} UserKnownHostsFile ${folder}/known\n`);
    knowRouter();
    mkdirSync('/run/sshd', { recursive: true });
    startSshd();
  });
  afterEach(async () => {
    await watcher?.stop();
    await stopSshd();
    lab.remove();
    rmSync(folder, { recursive: true });
  });

  function knowRouter(): void {
    const key = readFileSync(path.join(folder, 'host.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
    writeFileSync(path.join(folder, 'known'), `${lab.inside} ${key}\n`);
  }

  function startSshd(): void {
    sshd = lab.start('/usr/sbin/sshd', '-D', '-f', path.join(folder, 'sshd_config'));
  }

  /** The daemon and its sessions, as a router that is switched off. */
  async function stopSshd(): Promise<void> {
    if (sshd === null) return;
    const closed = once(sshd, 'close');
    for (const pid of lab.processes()) process.kill(pid, 'SIGKILL');
    await closed;
    sshd = null;
  }

  /** The owner's ssh_config is that of this test, for this one program. */
  function watch(...flags: string[]): Watcher {
    const under = ['unshare', '--mount', 'sh', '-c', `mount --bind ${folder} /etc/ssh && exec "$@"`, 'sh'];
    watcher = guardianMonitor(['--ssh', 'router', '--learn-hours', '0', ...flags], under);
    return watcher;
  }

  test('sees what passes the router and not its own connection, and leaves nothing behind there', async () => {
    watch('--interface', lab.insideInterface);
    await watcher!.next(isState('watching'), 15);
    await lab.run(process.execPath, '-e', SEND, lab.address, '200');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await watcher!.stop()).toBe(0);
    const { offered, parsed, rejected, dropped, gaps } = watcher!.lines.findLast(({ type }) => type === 'stats')!;
    expect(rejected).toEqual({});
    expect(gaps).toEqual([]);
    expect(offered).toBe(parsed + (Object.values(dropped) as number[]).reduce((total, count) => total + count, 0));
    // The datagrams, a few answers that nobody listens there, ARP and what a new interface says of itself.
    expect(parsed).toBeGreaterThanOrEqual(200);
    expect(parsed).toBeLessThan(260);
    await expect.poll(() => lab.processes().map(nameOf), { timeout: 4_000 }).toEqual(['sshd']);
  });

  test('a router that is switched off: degraded within 5 s, and seen again when it is back', async () => {
    watch('--interface', lab.insideInterface, '--filter', 'udp port 9');
    await watcher!.next(isState('watching'), 15);
    await stopSshd();
    const { line, seconds } = await watcher!.next(isState('degraded'), 6);
    expect(seconds).toBeLessThan(5);
    expect(line.reason).toContain('tcpdump on router');
    startSshd();
    await watcher!.next(isState('watching'), 10);
    await lab.run(process.execPath, '-e', SEND, lab.address, '20');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await watcher!.stop()).toBe(0);
    expect(watcher!.lines.findLast(({ type }) => type === 'stats')!.parsed).toBe(20);
    expect(watcher!.lines.findLast(({ type }) => type === 'gap')!.to).not.toBeNull();
  });

  test.each([
    ['whose key is not known', /verification failed/i, () => rmSync(path.join(folder, 'known'))],
    ['that does not let us in', /permission denied/i, () => writeFileSync(path.join(folder, 'authorized'), '')],
    ['without such an interface', /no such device/i, () => {}],
  ])('a router %s is said to be so', async (_, reason, spoil) => {
    spoil();
    watch('--interface', 'nothing0');
    const { line } = await watcher!.next(isState('degraded'), 10);
    expect(line.reason).toMatch(reason);
    expect(await watcher!.stop()).toBe(4);
  });
});

const nameOf = (pid: number): string => readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
