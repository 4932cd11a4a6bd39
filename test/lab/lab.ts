/** A network of its own for a test: a namespace joined to this machine by a veth pair, and the product watching it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readMachine } from '../../src/model/edge/machine.ts';

export const root = path.join(import.meta.dirname, '../..');
export const { tools } = readMachine({
  searchPath: process.env.PATH ?? '',
  dataDirectory: '.',
  architecture: process.arch,
});

const works = (program: string, ...args: string[]): boolean => {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** What keeps the lab from running here; null where nothing does. */
function missing(): string | null {
  if (process.getuid?.() !== 0) return 'root';
  if (tools.tcpdump === null) return 'tcpdump';
  if (!works('tcpreplay', '--version')) return 'tcpreplay';
  if (!works('nmap', '--version')) return 'nmap';
  if (!existsSync('/usr/sbin/sshd')) return 'sshd';
  if (!works('ip', 'netns', 'add', `gl${process.pid}`)) return 'network namespaces';
  return works('ip', 'netns', 'del', `gl${process.pid}`) ? null : 'network namespaces that can be removed';
}

/** With CI=true nothing is skipped: what is missing fails there. */
export const noLab = process.env.CI === 'true' ? null : missing();

/** Connects to ports one after the other, from inside: `node -e SCAN ADDRESS PORTS`. */
export const SCAN = `
  const net = require('node:net');
  const [address, ports] = process.argv.slice(1);
  (async () => {
    for (let port = 1; port <= Number(ports); port++) {
      await new Promise((resolve) => net.connect({ host: address, port }).on('error', resolve).on('connect', resolve));
    }
    process.exit();
  })();`;

/** Sends datagrams of a byte: `node -e SEND ADDRESS COUNT [FROM-PORT]`. */
export const SEND = `
  const socket = require('node:dgram').createSocket('udp4');
  const [address, count, port] = process.argv.slice(1);
  let sent = 0;
  const next = () => (sent++ < Number(count) ? socket.send('x', 9, address, () => setTimeout(next, 2)) : socket.close());
  socket.bind(Number(port ?? 0), next);`;

export interface Lab {
  /** Name of the namespace, for `ip netns exec`. */
  namespace: string;
  /** This machine's end, which is watched, and its address. */
  interface: string;
  address: string;
  /** Address of a device inside, and its link-layer address once it is joined. */
  inside: string;
  mac(): string;
  /** Name of its interface there. */
  insideInterface: string;
  /** An address that is not of this network, which this machine answers for. */
  outside: string;
  ip(...args: string[]): void;
  /** The device inside gets another address, as from another lease. */
  moveInside(): void;
  /** That many neighbours of the device that never answer: their addresses. */
  addGhosts(count: number): string[];
  /** Makes the veth pair, as it is made at first. */
  join(): void;
  /** Starts a program inside the namespace; resolves with its exit code. */
  run(program: string, ...args: string[]): Promise<number>;
  /** Starts one that runs on. */
  start(program: string, ...args: string[]): ChildProcess;
  /** Process ids of all that runs inside. */
  processes(): number[];
  /** Sends the frames of a capture from inside: `-x SPEED`, or `--pps RATE --loop TIMES`. */
  replay(file: string, ...how: string[]): Promise<void>;
  remove(): void;
}

let labs = 0;
const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

export function createLab(): Lab {
  const number = labs++;
  const namespace = `gl${process.pid}n${number}`;
  const outer = `gv${process.pid}n${number}`;
  const inner = `gp${process.pid}n${number}`;
  // Addresses that no network of a machine for tests has: RFC 6598 for the home, RFC 2544 for the Internet.
  const network = `100.${64 + (process.pid % 64)}.${number}`;
  const address = `${network}.1`;
  const inside = `${network}.2`;
  const outside = `198.18.${process.pid % 250}.${number + 1}`;
  const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });
  ip('netns', 'add', namespace);
  ip('-n', namespace, 'link', 'set', 'lo', 'up');
  const join = (): void => {
    ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', inner, 'netns', namespace);
    ip('addr', 'add', `${address}/24`, 'dev', outer);
    ip('addr', 'add', `${outside}/32`, 'dev', outer);
    ip('link', 'set', outer, 'up');
    ip('-n', namespace, 'addr', 'add', `${inside}/24`, 'dev', inner);
    ip('-n', namespace, 'link', 'set', inner, 'up');
    ip('-n', namespace, 'route', 'add', 'default', 'via', address);
  };
  join();
  const run = async (program: string, ...args: string[]): Promise<number> => {
    const child = spawn('ip', ['netns', 'exec', namespace, program, ...args], { stdio: 'ignore' });
    const [code] = await once(child, 'close');
    return code as number;
  };
  return {
    namespace,
    interface: outer,
    address,
    inside,
    insideInterface: inner,
    mac: () =>
      execFileSync('ip', ['netns', 'exec', namespace, 'cat', `/sys/class/net/${inner}/address`], {
        encoding: 'utf8',
      }).trim(),
    outside,
    ip,
    moveInside: () => {
      ip('-n', namespace, 'addr', 'add', `${network}.3/24`, 'dev', inner);
      ip('-n', namespace, 'addr', 'del', `${inside}/24`, 'dev', inner);
    },
    addGhosts: (count) => {
      const ghosts = Array.from({ length: count }, (_, i) => `${network}.${i + 10}`);
      const lines = ghosts.map((ghost, i) => `neigh add ${ghost} lladdr 02:00:00:00:01:${hex(i)} dev ${inner}\n`);
      execFileSync('ip', ['-n', namespace, '-batch', '-'], { input: lines.join('') });
      return ghosts;
    },
    join,
    run,
    start: (program, ...args) => spawn('ip', ['netns', 'exec', namespace, program, ...args], { stdio: 'ignore' }),
    processes: () =>
      execFileSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' }).split('\n').filter(Boolean).map(Number),
    replay: async (file, ...how) => {
      const code = await run('tcpreplay', '-q', '-K', '-i', inner, ...how, file);
      if (code !== 0) throw new Error(`tcpreplay ended with ${code}`);
    },
    // The veth pair goes with its namespace.
    remove: () => ip('netns', 'del', namespace),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: lines of several shapes, which each test looks into
export type Line = Record<string, any>;

export interface Watcher {
  lines: Line[];
  /** What it said on standard error. */
  errors(): string;
  /** The first line that fits behind the last one that did, and how long it took from now on in seconds. */
  next(fits: (line: Line) => boolean, withinSeconds: number): Promise<{ line: Line; seconds: number }>;
  pid: number;
  /** Process id of its capture tool. */
  captureTool(): number;
  /** As Ctrl-C does; resolves with its exit code. */
  stop(): Promise<number | null>;
}

export const TYPES = '--disable-warning=ExperimentalWarning';
const isSeeing = ({ type, state }: Line): boolean => type === 'state' && (state === 'watching' || state === 'learning');

/** `guardian monitor --json` with these options; `under` is a program that runs it, which may see this folder as `at`. */
export function guardianMonitor(flags: string[], under: string[] = [], at = root): Watcher {
  const isOurs = process.execPath.startsWith(`${root}/`);
  const node = isOurs ? path.join(at, path.relative(root, process.execPath)) : process.execPath;
  const command = [...under, node, TYPES, path.join(at, 'src/cli/main.ts'), 'monitor', '--json', ...flags];
  return follow(spawn(command[0], command.slice(1), { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** It on the lab's interface, once it watches. */
export async function startMonitor(lab: Lab, ...flags: string[]): Promise<Watcher> {
  const watcher = guardianMonitor(['--interface', lab.interface, ...flags]);
  await watcher.next(isSeeing, 15);
  return watcher;
}

function follow(child: ChildProcess): Watcher {
  const lines: Line[] = [];
  let rest = '';
  let errors = '';
  // What is said before somebody asks for it is not lost.
  let looked = 0;
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop()!;
    lines.push(...parts.map((part) => JSON.parse(part) as Line));
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  return {
    lines,
    errors: () => errors,
    next: async (fits, withinSeconds) => {
      const from = performance.now();
      for (;;) {
        while (looked < lines.length) {
          const line = lines[looked++];
          if (fits(line)) return { line, seconds: (performance.now() - from) / 1000 };
        }
        const seconds = (performance.now() - from) / 1000;
        if (seconds > withinSeconds || child.exitCode !== null) {
          throw new Error(`nothing fitting within ${seconds.toFixed(1)} s (exit ${child.exitCode}): ${errors}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    pid: child.pid!,
    captureTool: () => Number(execFileSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' }).trim()),
    stop: async () => {
      if (child.exitCode === null) {
        child.kill('SIGINT');
        await once(child, 'close');
      }
      return child.exitCode;
    },
  };
}
