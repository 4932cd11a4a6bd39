/** Labels of files, read beside the traffic: they choose what is learned and what is scored, and nothing else. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { labelValue } from '../detector/metrics.ts';
import { AppError } from '../errors.ts';
import type { Conn } from '../flow/conn.ts';

/** 1 malicious, 0 benign, -1 not judged. */
export type Label = -1 | 0 | 1;

const text = async (path: string): Promise<string> => {
  const bytes = await readFile(path);
  return (path.endsWith('.gz') ? await promisify(gunzip)(bytes) : bytes).toString('utf8');
};

const rows = (csv: string): string[][] =>
  csv
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => line.split(','));

/** Destinations whose benign-labelled flows are not judged: `unjudged.csv` beside the log, first column. */
export async function readUnjudged(log: string): Promise<ReadonlySet<string>> {
  const path = join(dirname(log), 'unjudged.csv');
  if (!existsSync(path)) return new Set();
  return new Set(
    rows(await text(path))
      .slice(1)
      .map(([address]) => address),
  );
}

/** Only "benign" and "malicious" are judged; of the benign not those whose destination is in doubt. */
export function judgedLabel(conn: Conn, unjudged: ReadonlySet<string>): Label {
  const label = labelValue(conn.label);
  return label === 0 && unjudged.has(conn.id_resp_h ?? '') ? -1 : label;
}

/** Labels of a capture's packets in order, from NAME.packet_labels.csv[.gz] beside NAME.pcap; null where there are none. */
export async function readPacketLabels(capture: string): Promise<Label[] | null> {
  const base = capture.replace(/\.pcap(ng)?$/, '.packet_labels.csv');
  const path = [base, `${base}.gz`].find((candidate) => existsSync(candidate));
  if (path === undefined) return null;
  const [header, ...lines] = rows(await text(path));
  const column = header.indexOf('label');
  if (column < 0) throw new AppError('file_unreadable', { file: path, reason: 'it has no column "label"' });
  return lines.map((cells) => labelValue(cells[column] ?? null));
}
