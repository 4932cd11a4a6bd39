/** Captures to connection records, file to records on one thread, beside softflowd and argus where they are installed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInventory } from '../../src/device/inventory.ts';
import { lookupVendor } from '../../src/device/vendor.ts';
import type { AppRecord } from '../../src/flow/app-record.ts';
import { flowsFromCapture } from '../../src/source/capture/flows-from-capture.ts';
import { type Benchmark, compare, type Peer } from '../bench.ts';
import { benchConcurrency } from './concurrency.ts';
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

/** Reads a capture to its connection records; `side`: to those of DNS, TLS and devices too, as `guardian flows` does. */
async function read(file: string, side: boolean): Promise<number> {
  let records = 0;
  const count = (): void => void records++;
  const inventory = side ? createInventory({ lookupVendor }) : null;
  const hooks = inventory && {
    watcher: inventory,
    onApp: (record: AppRecord): void => {
      count();
      inventory.app(record);
    },
  };
  const { offered } = await flowsFromCapture(file, { ignoreChecksums: true, ...hooks }, count);
  inventory?.devices().forEach(count);
  return offered;
}

const flows: Benchmark = async (files, note, isWanted) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guardian-bench-'));
  const rows = [];
  try {
    const sets: [string, string[], boolean][] =
      files.length > 0
        ? [['files', files, false]]
        : existsSync(data)
          ? [
              ['home-week', capturesOf('benign-home-week'), false],
              ['iot23', capturesOf('iot23'), false],
              ['mqtt-testbed', capturesOf('mqtt-testbed'), false],
              ['side-records', [...capturesOf('benign-iot-sentinel'), ...capturesOf('ndpi/pcap')], true],
            ]
          : [];
    if (sets.length === 0) note('There are no captures: name some as FILES.');
    for (const [name, captures, side] of sets) {
      if (!isWanted(name)) continue;
      const file = path.join(folder, `${name}.pcap`);
      const packets = await makeCapture(captures, PACKETS, file);
      const ours = (): Promise<number> => read(file, side);
      for (const peer of Object.keys(peers)) {
        if (side && peer === 'softflowd') continue;
        const found = peerOf(peer, file, packets);
        if (!found) note(`${peer} is not installed: its ratio is missing.`);
        rows.push(await compare(name, 'packets/s', ours, found));
      }
      rmSync(file);
    }
    if (files.length > 0) return rows;
    if (isWanted('concurrency')) rows.push(...benchConcurrency(folder));
    rows.push(...(await benchText(isWanted)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
};

export default flows;
