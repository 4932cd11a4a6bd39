/**
 * Rows per second of the text inputs, file to checked records, one thread; beside what no reader can go without: udsv, which splits the
 * same columns of the same file into texts and checks nothing, and `JSON.parse` of each of its lines.
 */
import { closeSync, createWriteStream, openSync, readFileSync, readSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { type BaseParse, inferSchema, initParser, type Parser } from 'udsv';
import type { Conn } from '../../src/flow/conn.ts';
import { csvHeader, csvRow } from '../../src/flow/write/write-csv.ts';
import { zeekJsonLine, zeekTable } from '../../src/flow/write/zeek-log.ts';
import { unsetConn } from '../../src/source/column/conn-fields.ts';
import { openSource } from '../../src/source/open-source.ts';
import { compare, type Peer, type Row, type Work } from '../bench.ts';

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

/** Reads `file` to its end. */
const ours =
  (file: string): Work =>
  async () => {
    const source = await openSource(file);
    if (source.kind !== 'flows') throw new Error(`${file} is a capture`);
    const { parsed } = await source.read(() => {});
    if (parsed !== ROWS) throw new Error(`${parsed} of ${ROWS} rows were read`);
    return parsed;
  };

const PIECE = 64 << 10;
const FIELDS = '#fields\t';

/** Pieces of a file, as udsv reads fastest: without keeping rows that were read. Zeek's directives are cut off. */
function* piecesOf(file: string): Generator<string> {
  const handle = openSync(file, 'r');
  const buffer = Buffer.alloc(PIECE);
  for (let [first, length] = [true, readSync(handle, buffer)]; length > 0; length = readSync(handle, buffer)) {
    const text = buffer.toString('latin1', 0, length);
    yield first
      ? text.slice(text.indexOf(FIELDS) < 0 ? 0 : text.indexOf(FIELDS) + FIELDS.length).replace(/^#types.*\n/m, '')
      : text;
    first = false;
  }
  closeSync(handle);
}

const splitting = (file: string): Peer => ({
  name: 'udsv',
  work() {
    let rows = 0;
    const count = (): void => void rows++;
    let parser: Parser | undefined;
    for (const text of piecesOf(file)) {
      parser ??= initParser(inferSchema(text));
      parser.chunk<string[]>(text, parser.stringArrs as BaseParse<string[]>, count);
    }
    parser?.end();
    if (rows !== ROWS) throw new Error(`udsv read ${rows} of ${ROWS} rows`);
    return rows;
  },
});

const parsing = (file: string): Peer => ({
  name: 'JSON.parse',
  work() {
    const text = readFileSync(file, 'utf8');
    let [rows, at] = [0, 0];
    for (let eol = text.indexOf('\n'); eol >= 0; eol = text.indexOf('\n', at)) {
      if (typeof JSON.parse(text.slice(at, eol)) === 'object') rows++;
      at = eol + 1;
    }
    if (rows !== ROWS) throw new Error(`JSON.parse read ${rows} of ${ROWS} rows`);
    return rows;
  },
});

export async function benchText(isWanted: (name: string) => boolean): Promise<Row[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'guardian-bench-'));
  const results: Row[] = [];
  try {
    for (const [name, { header, row }] of Object.entries(logs)) {
      if (!isWanted(name)) continue;
      const file = path.join(folder, name);
      await write(file, header, row);
      results.push(await compare(name, 'rows/s', ours(file), name === 'zeek-json' ? parsing(file) : splitting(file)));
      await rm(file);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return results;
}
