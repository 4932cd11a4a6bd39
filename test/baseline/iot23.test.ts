import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Conn } from '../../src/flow/conn.ts';
import { zeekTable } from '../../src/flow/zeek-log.ts';
import { flowsFromCapture } from '../../src/source/capture/flows-from-capture.ts';
import { pairRows, readZeekTable, type ZeekRow } from './zeek-table.ts';

const data = fileURLToPath(new URL('../../../shared/data/iot23/', import.meta.url));

const columns = [
  ...['ts', 'id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p', 'proto', 'duration', 'orig_bytes', 'resp_bytes'],
  ...['conn_state', 'missed_bytes', 'history', 'orig_pkts', 'orig_ip_bytes', 'resp_pkts', 'resp_ip_bytes'],
];
const key = (row: ZeekRow) => columns.map((column) => row[column]).join(' ');

/** Our rows, through the text that we would write. */
async function rowsOf(capture: string): Promise<ZeekRow[]> {
  const conns: Conn[] = [];
  await flowsFromCapture(capture, {}, (conn) => conns.push(conn));
  const table = zeekTable();
  const fields = table.header(new Date(0)).split('\n')[6].split('\t').slice(1);
  return conns.map((conn) => {
    const cells = table.row(conn).trimEnd().split('\t');
    return Object.fromEntries(fields.map((field, i) => [field, cells[i]]));
  });
}

/** Folder and Zeek's log of the capture in it. */
const cases = [
  ['8-1-hakai', 'conn.log.labeled'],
  ['4-1-philips-hue', '2018-09-14.zeek-conn.log'],
];

describe.skipIf(!existsSync(data))('IoT-23 captures against Zeek’s own conn.log', () => {
  it.each(cases)('%s', async (folder, log) => {
    const capture = readdirSync(data + folder).find((file) => file.endsWith('.pcap'));
    const ours = await rowsOf(`${data}${folder}/${capture}`);
    const theirs = readZeekTable(`${data}${folder}/${log}`).rows;
    const { equal, onlyOurs, onlyTheirs } = pairRows(ours.map(key), theirs.map(key));
    expect({ onlyOurs, onlyTheirs }).toEqual({ onlyOurs: [], onlyTheirs: [] });
    expect(equal).toBe(theirs.length);
  });
});
