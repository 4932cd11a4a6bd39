/** Labels of files, read beside the traffic: they choose what is learned and what is scored, and nothing else. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { labelValue } from '../detector/published/metrics.ts';
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

const PACKED = /\.(gz|zst)$/i;
const EXPECTED = 'It has a header with "label" and a row for every packet; "packet" counts them from 1.';

/** Name of a capture without how it is stored: "a/b.pcap.gz" is "a/b". */
export const stemOf = (capture: string): string => capture.replace(PACKED, '').replace(/\.(pcap|pcapng|cap)$/i, '');

/**
 * Labels of a capture's packets in order, from NAME.packet_labels.csv[.gz] beside NAME.pcap; null where there are none.
 * Throws AppError labels_unfit unless there is one for each of the `packets`.
 */
export async function readPacketLabels(capture: string, packets: number): Promise<Label[] | null> {
  const base = `${stemOf(capture)}.packet_labels.csv`;
  const file = [base, `${base}.gz`].find((candidate) => existsSync(candidate));
  if (file === undefined) return null;
  const unfit = (reason: string): AppError => new AppError('labels_unfit', { file, reason, expected: EXPECTED });
  const [header = [], ...lines] = rows(await text(file));
  const [column, numbers] = [header.indexOf('label'), header.indexOf('packet')];
  if (column < 0) throw unfit('there is no column "label"');
  if (lines.length !== packets) throw unfit(`they are ${lines.length}, and the capture has ${packets} packets`);
  const labels: (Label | undefined)[] = new Array(packets).fill(undefined);
  for (const [i, cells] of lines.entries()) {
    const number = numbers < 0 ? i + 1 : Number(cells[numbers]);
    if (!Number.isInteger(number) || number < 1 || number > packets) {
      throw unfit(`"${cells[numbers]}" is no packet of ${packets}`);
    }
    if (labels[number - 1] !== undefined) throw unfit(`packet ${number} has two`);
    labels[number - 1] = labelValue(cells[column] ?? null);
  }
  return labels as Label[];
}
