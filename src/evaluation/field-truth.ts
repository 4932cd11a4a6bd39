/** What is true of a folder of captures from the field: `truth.tsv` (attack or benign) and `homes.tsv` (with a past). */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors.ts';
import { readText } from './truth.ts';

export interface FieldTruth {
  /** Within the folder. */
  file: string;
  isAttack: boolean;
  /** What kind of attack it is, to count by; empty for a benign capture. */
  class: string;
  /** Empty: whoever. */
  hosts: readonly string[];
  /** Who does it; null where nobody is named for it. */
  culprit: string | null;
  /** Seconds since 1970 UTC; infinite where the whole file is the attack. */
  onset: number;
  /** Kinds that name it rightly; empty: any. */
  kinds: ReadonlySet<string>;
}

export interface Home {
  name: string;
  train: string[];
  watched: { file: string; isAttack: boolean }[];
}

/** Attacks by the words that the truth describes them with; the first that fits counts. */
const classes: readonly [string, RegExp][] = [
  ['spoofing', /spoof/i],
  ['DNS tunnel', /DNS tunnel/i],
  ['ICMP tunnel', /ICMP (tunnel|exfiltration)/i],
  ['generated names', /generated names/i],
  ['forged packets', /forged (ARP|calls|packets)/i],
  ['flood', /flood|DDoS|reflection/i],
  ['slow DoS', /slow/i],
  ['protocol abuse', /malformed/i],
  ['brute force', /guess|brute/i],
  ['scan', /scan|sweep/i],
];
const REMOTE_CONTROL = 'remote control';
const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i;
const CAPTURE = /\.(pcap|pcapng|cap|log)(\.(gz|zst))?$/i;

type Row = Record<string, string>;

async function readTable(path: string, columns: readonly string[]): Promise<Row[]> {
  const [header = '', ...lines] = (await readText(path)).split(/\r?\n/).filter((line) => line !== '');
  const names = header.split('\t');
  const missing = columns.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    const reason = `there is no column "${missing.join('", "')}"`;
    throw new AppError('labels_unfit', { file: path, reason, expected: `Its columns are ${columns.join(', ')}.` });
  }
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}

const words = (cell: string): string[] => cell.split('|').filter((word) => word !== '');

function truthOfRow(row: Row, path: string): FieldTruth {
  if (row.truth !== 'attack' && row.truth !== 'benign') {
    const reason = `"${row.truth}" is neither attack nor benign`;
    throw new AppError('labels_unfit', { file: path, reason, expected: 'Its column "truth" says which.' });
  }
  const isAttack = row.truth === 'attack';
  const hosts = words(row.hosts).filter((host) => host !== 'any');
  const kinds = words(row.kinds);
  const byWords = classes.find(([, pattern]) => pattern.test(row.what))?.[0] ?? REMOTE_CONTROL;
  return {
    file: row.file,
    isAttack,
    class: isAttack ? row.class || byWords : '',
    hosts,
    // A link-layer address is named where somebody speaks under the address of others; else who acts stands first.
    culprit: row.culprit || (hosts.find((host) => MAC.test(host)) ?? hosts[0] ?? null),
    onset: row.onset_ts === '' ? Number.NEGATIVE_INFINITY : Number(row.onset_ts),
    kinds: new Set(kinds.includes('any') ? [] : kinds),
  };
}

/** A folder without a `truth.tsv` is benign throughout. Throws AppError as reading the tables may. */
export async function readFieldTruth(folder: string): Promise<FieldTruth[]> {
  const path = join(folder, 'truth.tsv');
  if (existsSync(path)) {
    const rows = await readTable(path, ['file', 'truth', 'what', 'hosts', 'onset_ts', 'kinds']);
    return rows.map((row) => truthOfRow(row, path));
  }
  return (await capturesOf(folder)).map((file) => ({
    ...{ file, isAttack: false, class: '', hosts: [], culprit: null },
    ...{ onset: Number.NEGATIVE_INFINITY, kinds: new Set<string>() },
  }));
}

/** Without a `homes.tsv`, as without a `truth.tsv`, each capture is a home that is watched after it was learned. */
export async function readHomes(folder: string): Promise<Home[]> {
  const path = join(folder, 'homes.tsv');
  if (!existsSync(path)) {
    if (existsSync(join(folder, 'truth.tsv'))) return [];
    const alone = await capturesOf(folder);
    return alone.map((file) => ({ name: file, train: [file], watched: [{ file, isAttack: false }] }));
  }
  const homes = new Map<string, Home>();
  for (const { home: name, role, file } of await readTable(path, ['home', 'role', 'file'])) {
    const home = homes.get(name) ?? { name, train: [], watched: [] };
    homes.set(name, home);
    if (role === 'train') home.train.push(file);
    else home.watched.push({ file, isAttack: role === 'attack' });
  }
  return [...homes.values()];
}

async function capturesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => CAPTURE.test(name)).sort();
  } catch (cause) {
    throw new AppError('file_not_found', { file: folder }, { cause });
  }
}
