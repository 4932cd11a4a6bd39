/** Rows per second of the text inputs, file to records, one thread. No peer reads all of them. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import type { Conn } from '../../src/flow/conn.ts';
import { csvHeader, csvRow } from '../../src/flow/write/write-csv.ts';
import { zeekJsonLine, zeekTable } from '../../src/flow/write/zeek-log.ts';
import { unsetConn } from '../../src/source/column/conn-fields.ts';
import { openSource } from '../../src/source/open-source.ts';

export interface BenchRow {
  name: string;
  value: number;
  unit: string;
  peer: string | null;
  peer_value: number | null;
  ratio: number | null;
}

const ROWS = 300_000;
const zeek = zeekTable();

const published = ({ ts, orig_pkts, resp_pkts, orig_bytes, resp_bytes, label }: Conn): string =>
  `${[ts, orig_pkts, resp_pkts, orig_bytes, resp_bytes, label].join(',')}\n`;

/** How each log begins and how a row is written. */
const logs: Record<string, { header: string; row: (conn: Conn) => string }> = {
  'csv-published': { header: 'ts,orig_pkts,resp_pkts,orig_bytes,resp_bytes,label\n', row: published },
  'csv-all-fields': { header: csvHeader(), row: csvRow },
  'csv-quoted': { header: csvHeader(), row: (conn) => csvRow(conn).replaceAll(/[^,\n]+/g, '"$&"') },
  'zeek-tsv': { header: zeek.header(new Date(0)), row: zeek.row },
  'zeek-json': { header: '', row: zeekJsonLine },
};

/** An ordinary connection of a home; `i` makes it differ from the others. */
const connection = (i: number): Conn => ({
  ...unsetConn(`C${i.toString(36).padStart(12, 'x')}`),
  ts: 1_700_000_000 + i / 10,
  id_orig_h: `192.168.1.${i % 200}`,
  id_orig_p: 32_768 + (i % 28_000),
  id_resp_h: `198.51.100.${i % 250}`,
  id_resp_p: 443,
  proto: 'tcp',
  ip_proto: 6,
  service: 'ssl',
  duration: (i % 1000) / 7,
  orig_bytes: 500 + (i % 4000),
  resp_bytes: 3000 + (i % 90_000),
  conn_state: 'SF',
  local_orig: true,
  local_resp: false,
  missed_bytes: 0,
  history: 'ShADadFf',
  orig_pkts: 10 + (i % 20),
  orig_ip_bytes: 1200 + (i % 4000),
  resp_pkts: 12 + (i % 60),
  resp_ip_bytes: 4000 + (i % 90_000),
  label: 'benign',
});

async function write(file: string, header: string, row: (conn: Conn) => string): Promise<void> {
  const stream = createWriteStream(file);
  stream.write(header);
  for (let i = 0; i < ROWS; i += 1000) {
    let text = '';
    for (let j = i; j < i + 1000; j++) text += row(connection(j));
    if (!stream.write(text)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  stream.end();
  await finished(stream);
}

async function rowsPerSecond(file: string): Promise<number> {
  const source = await openSource(file);
  if (source.kind !== 'flows') throw new Error(`${file} is a capture`);
  const started = performance.now();
  const { parsed } = await source.read(() => {});
  if (parsed !== ROWS) throw new Error(`${parsed} of ${ROWS} rows were read`);
  return parsed / ((performance.now() - started) / 1000);
}

/** The median of `runs` runs of each text input. */
export async function benchText(runs = 5): Promise<BenchRow[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'guardian-bench-'));
  const results: BenchRow[] = [];
  try {
    for (const [name, { header, row }] of Object.entries(logs)) {
      const file = path.join(folder, name);
      await write(file, header, row);
      const values: number[] = [];
      for (let i = 0; i < runs; i++) values.push(await rowsPerSecond(file));
      const value = Math.round(values.sort((a, b) => a - b)[Math.floor(runs / 2)]);
      results.push({ name, value, unit: 'rows/s', peer: null, peer_value: null, ratio: null });
      await rm(file);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return results;
}
