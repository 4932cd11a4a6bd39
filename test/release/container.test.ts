/** The image, built from a Debian that mmdebstrap made, and its command under the rights that compose.yaml gives it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { root } from '../cli/guardian.ts';
import { describeWith } from '../needs.ts';
import { missingPrograms } from './machine.ts';

const BASE = 'docker.io/library/debian:bookworm-slim';
/** What the image of that name leaves out. */
const SLIM = ['doc', 'man', 'locale', 'info'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);

const missing = missingPrograms('buildah', 'mmdebstrap', 'unshare', 'setpriv', 'ip');
describeWith(missing, 'the container', () => {
  let folder: string;
  let rootfs: string;
  let storage: string[];
  const buildah = (...args: string[]): string =>
    execFileSync('buildah', [...storage, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 2 ** 26,
    });

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'guardian-container-'));
    storage = [
      '--root',
      path.join(folder, 'storage'),
      '--runroot',
      path.join(folder, 'run'),
      '--storage-driver',
      'vfs',
    ];
    const base = path.join(folder, 'base.tar');
    const clean = '--customize-hook=rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*.bin "$1"/var/log/*';
    execFileSync('mmdebstrap', ['--quiet', '--variant=minbase', ...SLIM, clean, 'bookworm', base], { stdio: 'ignore' });
    const scratch = buildah('from', 'scratch').trim();
    buildah('add', scratch, base, '/');
    buildah('commit', '--quiet', '--rm', scratch, BASE);
    rmSync(base);
    const context = path.join(folder, 'context');
    mkdirSync(path.join(context, 'release'), { recursive: true });
    cpSync(path.join(root, 'Dockerfile'), path.join(context, 'Dockerfile'));
    const deb = readdirSync(inject('release')).find((name) => name.endsWith('_amd64.deb'))!;
    cpSync(path.join(inject('release'), deb), path.join(context, 'release', deb));
    const how = ['--isolation', 'chroot', '--pull-never', '--format', 'docker', '--quiet'];
    buildah('bud', ...how, '--tag', 'home-iot-guardian', context);
    rootfs = buildah('mount', buildah('from', '--pull-never', 'home-iot-guardian').trim()).trim();
  });
  afterAll(() => {
    spawnSync('buildah', [...storage, 'umount', '--all']);
    rmSync(folder, { recursive: true, force: true });
  });

  test('it takes no more than 330 MB, and starts no shell', () => {
    const megabytes = Number(
      execFileSync('du', ['-sm', '--apparent-size', rootfs], { encoding: 'utf8' }).split('\t')[0],
    );
    process.stdout.write(`image: ${megabytes} MB\n`);
    expect(megabytes).toBeLessThanOrEqual(330);
    const { OCIv1, Docker } = JSON.parse(buildah('inspect', '--type', 'image', 'home-iot-guardian'));
    expect(OCIv1.config.User).toBe('10001:10001');
    expect(OCIv1.config.Entrypoint[0]).toBe('/usr/lib/home-iot-guardian/node');
    expect(Docker.config.Healthcheck.Test).toEqual(['CMD', 'guardian', 'health']);
    expect(execFileSync('getcap', ['-n', path.join(rootfs, 'usr/bin/tcpdump')], { encoding: 'utf8' })).toContain(
      'cap_net_raw=ep',
    );
    expect(existsSync(path.join(rootfs, 'usr/sbin/setcap'))).toBe(false);
  });

  /** In namespaces, with a veth, a root that nobody can write, and a process of the image's user with NET_RAW to give. */
  function inside(script: string, ...rights: string[]): string {
    const around = `set -e
mount --make-rprivate /
mount --bind "$1" "$1"
mount -t proc proc "$1/proc"
mount -t sysfs sysfs "$1/sys"
mount --rbind /dev "$1/dev"
mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
mount -t tmpfs -o mode=700,uid=10001,gid=10001 tmpfs "$1/data"
mount -o remount,bind,ro "$1"
ip link add veth0 type veth peer name veth1
ip link set lo up; ip link set veth0 up; ip link set veth1 up; ip addr add 10.9.0.1/24 dev veth1
exec setpriv --bounding-set -all,+net_raw,+setpcap,+setuid,+setgid,+sys_chroot sh -c '
  root="$1"; shift
  exec chroot "$root" setpriv --reuid 10001 --regid 10001 --clear-groups --bounding-set -setpcap,-setuid,-setgid,-sys_chroot "$@"' sh "$@"`;
    const env = [
      'env',
      '-i',
      'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
      'GUARDIAN_DATA=/data',
      'NODE_COMPILE_CACHE=/tmp/compile',
      'HOME=/tmp',
    ];
    const args = ['--mount', '--pid', '--fork', '--net', '--uts', '--ipc', 'sh', '-c', around, 'sh', rootfs];
    const { stdout, stderr } = spawnSync('unshare', [...args, ...rights, ...env, 'sh', '-c', script], {
      encoding: 'utf8',
    });
    return stdout + stderr;
  }
  const send = `/usr/lib/home-iot-guardian/node -e '
    const socket = require("node:dgram").createSocket("udp4");
    socket.bind(0, "10.9.0.1", () => { socket.setBroadcast(true); let sent = 0;
      const next = () => (sent++ < 3000 ? socket.send("x", 9, "10.9.0.255", () => setTimeout(next, 10)) : socket.close()); next(); });' &`;

  test('the server captures by a tool that has NET_RAW from its file; it has none itself', () => {
    const out = inside(`${send}
      guardian monitor --interface veth0 --duration 20 --learn-hours 0 --json > /tmp/lines & sleep 12
      for one in /proc/[0-9]*; do echo "$(cat $one/comm) $(grep CapEff $one/status)"; done; wait; grep '"stats"' /tmp/lines; touch /usr/x`);
    expect(out).toMatch(/^node\S* CapEff:\t0{16}$/m);
    expect(out).not.toMatch(/^node\S* CapEff:\t0*[1-9]/m);
    expect(out).toMatch(/^tcpdump CapEff:\t0000000000002000$/m);
    expect(Number(/"parsed":(\d+)/.exec(out)?.[1])).toBeGreaterThan(100);
    expect(out).toContain('Read-only file system');
  });

  test('it serves, says that it is healthy, and that it is not once it has ended', () => {
    const out = inside(`guardian health; guardian serve > /tmp/log 2>&1 & sleep 1
      for i in $(seq 60); do guardian health > /dev/null 2>&1 && break; sleep 1; done
      guardian health; grep -o 'Make the first account' /tmp/log`);
    expect(out).toContain('server_does_not_answer');
    expect(out).toContain('\nhealthy\n');
    expect(out).toContain('Make the first account');
  });

  test('with NoNewPrivileges too, the tool captures with NET_RAW alone', () => {
    const rights = ['setpriv', '--no-new-privs', '--inh-caps', '-all,+net_raw', '--ambient-caps', '-all,+net_raw'];
    const script = `${send} grep -E 'CapEff|NoNewPrivs' /proc/self/status; timeout 30 tcpdump -i veth0 -c 20 -w /dev/null`;
    const out = inside(script, ...rights);
    expect(out).toContain('CapEff:\t0000000000002000');
    expect(out).toContain('NoNewPrivs:\t1');
    expect(out).toContain('20 packets captured');
  });
});
