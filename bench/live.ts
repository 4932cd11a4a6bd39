/**
 * The server on a real interface under load: `npm run -s bench -- live [SECONDS]`. First 10,000 packets a second, then ten
 * times as many with a slow port scan among them. Needs root, as the lab of the tests does.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Endpoint, parseIpv4, parseMac } from '../src/simulator/wire/address.ts';
import { Flag, tcpFrame } from '../src/simulator/wire/tcp.ts';
import { homeFrames } from '../test/capture/home-frames.ts';
import { writeCapture } from '../test/capture/write-capture.ts';
import { createLab, guardianMonitor, type Lab, type Line, noLab, root, TYPES } from '../test/lab/lab.ts';
import { type Benchmark, fact, type Row } from './bench.ts';

const SECONDS = 20;
const RATE = 10_000;
const OVERLOAD = 10;
const SCAN_RATE = 500;
/** What this machine itself says on the interface is not counted. */
const FILTER = 'ip and not igmp';
const isCounted = (bytes: Uint8Array): boolean => bytes[12] === 8 && bytes[13] === 0 && bytes[23] !== 2;
/** Of /proc/PID/stat. */
const TICKS_PER_SECOND = 100;

interface Account {
  offered: number;
  parsed: number;
  rejected: Record<string, number>;
  dropped: Record<string, number>;
}
const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((total, one) => total + one, 0);

/** Seconds of computing so far, and bytes of memory, of a process with all its threads. */
function usage(pid: number): { cpu: number; rss: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ');
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))![1];
  return { cpu: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND, rss: Number(kilobytes) * 1024 };
}

const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
  );

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function startServer(lab: Lab, data: string): Promise<{ child: ChildProcess; url: string }> {
  const flags = ['serve', '--no-auth', '--port', '0', '--data', data, '--interface', lab.interface];
  // As bin/guardian.cjs does, but without its process in between.
  const child = spawn(
    process.execPath,
    [TYPES, '--max-semi-space-size=4', path.join(root, 'src/cli/main.ts'), ...flags],
    {
      env: { ...process.env, GUARDIAN_MONITOR_FILTER: FILTER },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  for (let waited = 0; waited < 300; waited++) {
    const url = /http:\/\/localhost:\d+/.exec(said)?.[0];
    if (url !== undefined && (await read(url)).seesAll) return { child, url };
    if (child.exitCode !== null) break;
    await pause(100);
  }
  throw new Error(`The server does not watch: ${said}`);
}

async function read(url: string): Promise<{ account: Account; seesAll: boolean }> {
  const { account, state } = await (await fetch(`${url}/api/v1/monitor`)).json();
  return { account, seesAll: state === 'watching' || state === 'learning' };
}

/** Replays the frames at that rate for about so long; gives how many were sent. */
async function load(lab: Lab, file: string, frames: number, rate: number, seconds: number): Promise<number> {
  const loops = Math.max(1, Math.round((rate * seconds) / frames));
  await lab.replay(file, '--pps', String(rate), '--loop', String(loops));
  return frames * loops;
}

async function sustained(lab: Lab, file: string, frames: number, seconds: number, data: string): Promise<Row[]> {
  const { child, url } = await startServer(lab, data);
  try {
    const pid = child.pid!;
    const tool = childrenOf(pid)[0];
    const [before, began] = [{ own: usage(pid), tool: usage(tool) }, performance.now()];
    let most = 0;
    const sampler = setInterval(() => {
      most = Math.max(most, usage(pid).rss);
    }, 250);
    const sent = await load(lab, file, frames, RATE, seconds);
    const lasted = (performance.now() - began) / 1000;
    const after = { own: usage(pid), tool: usage(tool) };
    clearInterval(sampler);
    // Counts of the tool come every second, those of the thread every ten.
    await pause(12_000);
    const { account } = await read(url);
    return [
      fact('live: sent', sent / lasted, 'packets/s'),
      fact('live: dropped', sum(account.dropped), 'packets'),
      fact('live: sent and not in the account', sent - account.offered, 'packets'),
      fact('live: one core, Guardian', (100 * (after.own.cpu - before.own.cpu)) / lasted, '%'),
      fact('live: one core, capture tool', (100 * (after.tool.cpu - before.tool.cpu)) / lasted, '%'),
      fact('live: memory at most', most / 2 ** 20, 'MiB'),
    ];
  } finally {
    child.kill('SIGTERM');
    await once(child, 'close');
  }
}

/** A device that tries the ports of a neighbour who never answers. */
function scanFrames(lab: Lab, count: number): Uint8Array[] {
  const endpoint = (ip: string, mac: string): Endpoint => ({
    ...{ ip: parseIpv4(ip), mac: parseMac(mac), ttl: 64, padded: false },
    nextId: () => 0,
  });
  const from = endpoint(lab.inside, lab.mac());
  const to = endpoint(lab.address.replace(/\d+$/, '77'), '02:00:00:00:77:77');
  const syn = { fromPort: 50_000, seq: 1, ack: 0, flags: Flag.SYN, window: 1024 };
  return Array.from({ length: count }, (_, i) => tcpFrame({ from, to, toPort: i + 1, ...syn }));
}

async function overloaded(lab: Lab, file: string, frames: number, seconds: number): Promise<Row[]> {
  const tried = scanFrames(lab, SCAN_RATE * seconds);
  const scanFile = path.join(path.dirname(file), 'scan.pcap');
  writeFileSync(scanFile, writeCapture(tried.map((bytes, i) => ({ ts: i, bytes }))).bytes);
  const watcher = guardianMonitor(['--interface', lab.interface, '--learn-hours', '0', '--filter', FILTER]);
  await watcher.next(({ type, state }) => type === 'state' && state === 'watching', 20);
  const loaded = load(lab, file, frames, OVERLOAD * RATE, seconds);
  await pause(1_000);
  const scanned = lab.replay(scanFile, '--pps', String(SCAN_RATE));
  const isScan = ({ type, kind, hosts }: Line): boolean =>
    type === 'alert' && kind === 'scan' && hosts.includes(lab.inside);
  const { seconds: delay } = await watcher.next(isScan, 60);
  await scanned;
  const sent = tried.length + (await loaded);
  await watcher.stop();
  const account = watcher.lines.findLast(({ type }) => type === 'stats') as Line as Account;
  const lost = sum(account.dropped);
  return [
    fact('live, ten times that: dropped', (100 * lost) / sent, '%'),
    fact(
      'live, ten times that: sent and not in the account',
      sent - account.parsed - sum(account.rejected) - lost,
      'packets',
    ),
    fact('live, ten times that: alert of a scan after', delay, 's'),
  ];
}

const live: Benchmark = async ([seconds = String(SECONDS)], note) => {
  if (noLab !== null) {
    note(`Not here: ${noLab}.`);
    return [];
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'guardian-bench-'));
  const lab = createLab();
  try {
    const frames = homeFrames(20_000).filter(({ bytes }) => isCounted(bytes));
    const file = path.join(folder, 'home.pcap');
    writeFileSync(file, writeCapture(frames).bytes);
    const steady = await sustained(lab, file, frames.length, Number(seconds), path.join(folder, 'data'));
    return [...steady, ...(await overloaded(lab, file, frames.length, Math.min(30, Number(seconds))))];
  } finally {
    lab.remove();
    rmSync(folder, { recursive: true });
  }
};
export default live;
