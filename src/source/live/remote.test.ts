/** What ssh is started with, word by word; the real sshd is in test/lab/. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CaptureChild } from './capture-child.ts';
import { remoteCommand } from './remote.ts';

test('ssh gets exactly the expected arguments, and none of our environment', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guardian-remote-'));
  const ssh = path.join(folder, 'ssh');
  writeFileSync(ssh, `#!/bin/sh\nprintf '%s\\0' "$@" > ${folder}/argv\nenv > ${folder}/env\n`);
  chmodSync(ssh, 0o755);
  process.env.GUARDIAN_CANARY = 'secret';
  const filter = "udp and not host 10.0.0.1; id '`reboot`'";
  const child = new CaptureChild(remoteCommand(ssh, { host: 'root@router', interface: 'br-lan', filter }));
  await child.closed;
  delete process.env.GUARDIAN_CANARY;
  expect(existsSync(path.join(folder, 'argv'))).toBe(true);
  expect(readFileSync(path.join(folder, 'argv'), 'utf8').split('\0').slice(0, -1)).toEqual([
    ...['-T', '-x', '-a', '-e', 'none'],
    ...['-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes', '-o', 'ConnectTimeout=8'],
    ...['-o', 'ServerAliveInterval=1', '-o', 'ServerAliveCountMax=3', '-o', 'ClearAllForwardings=yes'],
    ...['-o', 'ControlPath=none', '-o', 'PermitLocalCommand=no', '-o', 'LogLevel=ERROR'],
    ...['--', 'root@router'],
    [
      "trap '' USR1",
      'PATH=$PATH:/usr/sbin:/sbin',
      'set -- $SSH_CONNECTION',
      "tcpdump -i br-lan -U -w - -s 2048 -B 16384 -n -- '(udp and not host 10.0.0.1; id '\\''`reboot`'\\'') and '" +
        // biome-ignore lint/suspicious/noTemplateCurlyInString: of the shell
        '"not (host ${1%%%*} and tcp port $2)" &',
      'while sleep 1 && kill -USR1 $! 2>/dev/null; do :; done',
      'wait $!',
    ].join('\n'),
  ]);
  expect(readFileSync(path.join(folder, 'env'), 'utf8')).not.toContain('secret');
  rmSync(folder, { recursive: true });
});

test('a router with little memory is asked for a small buffer', () => {
  const manner = { snapLength: 256, bufferMiB: 2 };
  expect(remoteCommand('ssh', { host: 'router', interface: 'br-lan', ...manner }).args.at(-1)).toContain(
    'tcpdump -i br-lan -U -w - -s 256 -B 2048 -n -- ',
  );
});

test.each([
  ['-oProxyCommand=id', 'eth0'],
  ['root@-oProxyCommand=id', 'eth0'],
  ['router; id', 'eth0'],
  ['router\nid', 'eth0'],
  ['$(id)', 'eth0'],
  ['', 'eth0'],
  ['router', '-z/tmp/x'],
  ['router', 'eth0;id'],
  ['router', 'any -w /x'],
  ['router', '$(id)'],
  ['router', 'eth0\n'],
])('%j and its interface %j are refused', (host, name) => {
  expect(() => remoteCommand('ssh', { host, interface: name })).toThrow(/cannot be watched/);
});

test.each(['router', 'root@192.168.1.1', 'guardian@fe80::1%eth0', 'lan_gw.example.org'])('%s is a machine', (host) => {
  expect(remoteCommand('ssh', { host, interface: 'br-lan.1' }).args).toContain(host);
});
