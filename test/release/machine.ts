/** A Debian of its own for a test: made by mmdebstrap, started with systemd in namespaces, without a network of ours. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const isThere = (program: string): boolean => spawnSync('which', [program]).status === 0;

/** The programs that are missing here, as a need; null where none is. */
export function missingPrograms(...programs: string[]): string | null {
  if (process.getuid?.() !== 0) return 'root';
  const missing = programs.filter((program) => !isThere(program));
  return missing.length === 0 ? null : missing.join(', ');
}

/** Makes a root folder out of Debian's packages. */
export function makeRoot(packages: readonly string[]): string {
  const root = mkdtempSync(path.join(tmpdir(), 'guardian-root-'));
  const args = ['--quiet', '--variant=minbase', `--include=${packages.join(',')}`, 'bookworm', root];
  execFileSync('mmdebstrap', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  return root;
}

/** systemd as the first process of namespaces of its own; the groups of processes are those of the old hierarchy. */
const BOOT = `set -e
mount --make-rprivate /
mount --bind "$1" "$1"
cd "$1"
mkdir -p .outside
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs tmpfs sys/fs/cgroup
mkdir sys/fs/cgroup/systemd sys/fs/cgroup/unified
mount -t cgroup -o none,name=systemd,xattr cgroup sys/fs/cgroup/systemd 2> /dev/null ||
  mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd 2> /dev/null || rmdir sys/fs/cgroup/systemd
mount -t cgroup2 cgroup2 sys/fs/cgroup/unified 2> /dev/null || rmdir sys/fs/cgroup/unified
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mount --rbind /dev dev
ip link set lo up
pivot_root . .outside
umount -l /.outside
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --log-target=null --show-status=no`;

export interface Output {
  code: number | null;
  out: string;
}

export class Machine {
  readonly root: string;
  #outer: ChildProcess | undefined;
  #pid = 0;

  constructor(root: string) {
    this.root = root;
  }

  async boot(): Promise<void> {
    const namespaces = ['--mount', '--pid', '--fork', '--uts', '--ipc', '--net', '--cgroup'];
    this.#outer = spawn('unshare', [...namespaces, 'sh', '-c', BOOT, 'sh', this.root], { stdio: 'ignore' });
    await until(() => {
      const children = readFileSync(`/proc/${this.#outer!.pid}/task/${this.#outer!.pid}/children`, 'utf8').trim();
      this.#pid = Number(children.split(' ')[0]);
      return this.#pid > 0 && this.run('systemctl', 'is-system-running').out.trim() === 'running';
    }, 'systemd to run');
  }

  /** Inside: standard output and error together. */
  run(program: string, ...args: string[]): Output {
    const { status, stdout, stderr } = spawnSync('nsenter', ['-t', String(this.#pid), '-a', program, ...args], {
      encoding: 'utf8',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C' },
    });
    return { code: status, out: stdout + stderr };
  }

  /** As `run`; throws where it fails. */
  must(program: string, ...args: string[]): string {
    const { code, out } = this.run(program, ...args);
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${out}`);
    return out;
  }

  /** Puts a file into /root and gives its path inside. */
  put(file: string): string {
    const name = path.join('/root', path.basename(file));
    mkdirSync(path.join(this.root, 'root'), { recursive: true });
    copyFileSync(file, path.join(this.root, name));
    return name;
  }

  has(file: string): boolean {
    return existsSync(path.join(this.root, file));
  }

  write(file: string, text: string): void {
    mkdirSync(path.dirname(path.join(this.root, file)), { recursive: true });
    writeFileSync(path.join(this.root, file), text);
  }

  /** Of a process inside: what /proc/PID/status says. */
  statusOf(pid: string): Record<string, string> {
    const lines = this.must('cat', `/proc/${pid}/status`).split('\n');
    return Object.fromEntries(lines.map((line) => line.split(/:\s*/, 2) as [string, string]));
  }

  async remove(): Promise<void> {
    if (this.#pid > 0) process.kill(this.#pid, 'SIGKILL');
    await until(
      () => this.#outer === undefined || this.#outer.exitCode !== null || this.#outer.signalCode !== null,
      'its end',
    );
    rmSync(this.root, { recursive: true, force: true });
  }
}

export async function until(condition: () => boolean | Promise<boolean>, what: string, seconds = 180): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Waited ${seconds} s for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
