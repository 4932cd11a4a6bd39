import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeWith, missingShared, sharedFolder } from '../needs.ts';
import { captureRows } from './capture-rows.ts';
import { iot23 } from './known-differences.ts';
import { pairRows, readZeekTable, type ZeekRow } from './zeek-table.ts';

const data = sharedFolder('data/iot23');

const columns = [
  ...['ts', 'id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p', 'proto', 'duration', 'orig_bytes', 'resp_bytes'],
  ...['conn_state', 'missed_bytes', 'history', 'orig_pkts', 'orig_ip_bytes', 'resp_pkts', 'resp_ip_bytes'],
];
const key = (row: ZeekRow) => columns.map((column) => row[column]).join(' ');

describeWith(missingShared('data/iot23'), 'IoT-23 captures against Zeek’s own conn.log', () => {
  it.each(iot23)('$title: as many rows are equal as the page says, at least 99 %', async (expected) => {
    const { folder, log } = expected;
    const capture = readdirSync(data + folder).find((file) => file.endsWith('.pcap'));
    const ours = await captureRows(`${data}${folder}/${capture}`);
    const theirs = readZeekTable(`${data}${folder}/${log}`).rows;
    const { equal, onlyOurs } = pairRows(ours.map(key), theirs.map(key));
    // Zeek logged no IGMP and the like then.
    const more = onlyOurs.filter((row) => !row.includes('unknown_transport'));
    expect(more.length).toBe(theirs.length - equal);
    expect({ rows: theirs.length, equal }).toEqual({ rows: expected.rows, equal: expected.equal });
    expect(equal / theirs.length).toBeGreaterThanOrEqual(0.99);
  });
});
