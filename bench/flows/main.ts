/** Captures to connection records, file to records on one thread, beside softflowd and argus where they are installed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { flowsFromCapture } from '../../src/source/capture/flows-from-capture.ts';
import { type Benchmark, compare, type Peer } from '../bench.ts';
import { makeCapture } from './make-capture.ts';
import { benchText } from './text.ts';

const data = new URL('../../../shared/data/', import.meta.url).pathname;
const PACKETS = 2_000_000;

/** Every capture below a folder of the shared data. */
const capturesOf = (folder: string): string[] =>
  readdirSync(path.join(data, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.pcap'))
    .map((name) => path.join(data, folder, name));

/** Name, and how it reads a capture to its end. */
const peers: Record<string, (file: string) => [string, string[]]> = {
  softflowd: (file) => ['softflowd', ['-r', file, '-d', '-v', '5', '-n', '127.0.0.1:9']],
  argus: (file) => ['argus', ['-X', '-r', file, '-w', '/dev/null']],
};

function peerOf(name: string, file: string, packets: number): Peer | undefined {
  const [command, args] = peers[name](file);
  if (spawnSync('sh', ['-c', `command -v ${command}`]).status !== 0) return undefined;
  const work = (): number => {
    const { status, error } = spawnSync(command, args, { stdio: 'ignore' });
    if (error || status !== 0) throw new Error(`${command} ended with ${status}`, { cause: error });
    return packets;
  };
  return { name, work };
}

const flows: Benchmark = async (files, note) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guardian-bench-'));
  const rows = [];
  try {
    const sets: [string, string[], boolean][] =
      files.length > 0
        ? [['files', files, false]]
        : existsSync(data)
          ? [
              ['home-week', capturesOf('benign-home-week'), false],
              ['side-records', [...capturesOf('benign-iot-sentinel'), ...capturesOf('ndpi/pcap')], true],
            ]
          : [];
    if (sets.length === 0) note('There are no captures: name some as FILES.');
    for (const [name, captures, side] of sets) {
      const file = path.join(folder, `${name}.pcap`);
      const packets = await makeCapture(captures, PACKETS, file);
      let records = 0;
      const onApp = side ? (): void => void records++ : undefined;
      const ours = async (): Promise<number> =>
        (await flowsFromCapture(file, { ignoreChecksums: true, onApp }, () => records++)).offered;
      for (const peer of Object.keys(peers)) {
        if (side && peer === 'softflowd') continue;
        const found = peerOf(peer, file, packets);
        if (!found) note(`${peer} is not installed: its ratio is missing.`);
        rows.push(await compare(name, 'packets/s', ours, found));
      }
      rmSync(file);
    }
    rows.push(...(await benchText()));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
};

export default flows;
