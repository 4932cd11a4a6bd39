import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '../../errors.ts';
import type { SourceStats } from '../source.ts';
import { type FollowOptions, followZeek } from './zeek-directory.ts';

const header = '#separator \\x09\n#path\tconn\n#fields\tuid\torig_pkts\tresp_pkts\torig_bytes\tresp_bytes\n';
const row = (uid: string): string => `${uid}\t1\t2\t3\t4\n`;

let folder: string;
let log: string;
let uids: string[];
let states: boolean[];
let errors: AppError[];
let stop: AbortController;
let done: Promise<SourceStats>;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'guardian-follow-'));
  log = path.join(folder, 'conn.log');
  [uids, states, errors] = [[], [], []];
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await done;
  rmSync(folder, { recursive: true });
});

function follow(options: Partial<FollowOptions> = {}): void {
  done = followZeek(folder, {
    onConn: (conn) => uids.push(conn.uid),
    onState: (present) => states.push(present),
    onError: (error) => errors.push(error),
    signal: stop.signal,
    pollMs: 5,
    ...options,
  });
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(condition()).toBe(true);
}

describe('a growing conn.log', () => {
  it('gives what is there and what comes, whole lines only', async () => {
    writeFileSync(log, header + row('C1'));
    follow();
    await until(() => uids.length === 1);
    appendFileSync(log, row('C2').slice(0, 5));
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(uids).toEqual(['C1']);
    appendFileSync(log, row('C2').slice(5) + row('C3'));
    await until(() => uids.length === 3);
    stop.abort();
    expect(await done).toMatchObject({ offered: 3, parsed: 3, rejected: {} });
    expect(uids).toEqual(['C1', 'C2', 'C3']);
  });

  it('is waited for, and read to its end before the one that replaces it', async () => {
    follow();
    await until(() => states.length === 1);
    writeFileSync(log, header + row('C1'));
    await until(() => uids.length === 1);
    renameSync(log, path.join(folder, 'conn.10:00:00-11:00:00.log'));
    appendFileSync(path.join(folder, 'conn.10:00:00-11:00:00.log'), `${row('C2')}#close\t2026\n`);
    writeFileSync(log, `{"uid":"C3","orig_pkts":1,"resp_pkts":1,"orig_bytes":1,"resp_bytes":1}\n`);
    await until(() => uids.length === 3);
    expect(uids).toEqual(['C1', 'C2', 'C3']);
    expect(states).toEqual([false, true]);
  });

  it('has its last line at a rotation, with a line end or without', async () => {
    writeFileSync(log, header + row('C1') + row('C2').trimEnd());
    follow();
    await until(() => uids.length === 1);
    renameSync(log, `${log}.1`);
    writeFileSync(log, header + row('C3') + row('C4').slice(0, 4));
    await until(() => uids.length === 3);
    renameSync(log, `${log}.2`);
    writeFileSync(log, header + row('C5'));
    await until(() => uids.length === 4);
    stop.abort();
    expect(uids).toEqual(['C1', 'C2', 'C3', 'C5']);
    const { offered, parsed, rejected, bytes } = await done;
    expect([offered, parsed, { ...rejected }]).toEqual([5, 4, { 'row.wrong_cell_count': 1 }]);
    expect(bytes).toBe(3 * header.length + 4 * row('C1').length + 3);
  });

  it('counts the line that was being written when it was cut', async () => {
    let looks = 0;
    writeFileSync(log, header + row('C1') + row('C2').slice(0, 4));
    follow({ onLook: () => looks++ });
    await until(() => uids.length === 1);
    truncateSync(log, 0);
    const before = looks;
    await until(() => looks > before + 1);
    appendFileSync(log, header + row('C3'));
    await until(() => uids.length === 2);
    stop.abort();
    expect({ ...(await done).rejected }).toEqual({ 'row.unfinished': 1 });
  });

  it('is read again when it was cut', async () => {
    writeFileSync(log, header + row('C1') + row('C2'));
    follow();
    await until(() => uids.length === 2);
    truncateSync(log, 0);
    await new Promise((resolve) => setTimeout(resolve, 30));
    appendFileSync(log, header + row('C3'));
    await until(() => uids.length === 3);
    expect(uids.at(-1)).toBe('C3');
  });

  it('gives only what is new with fromEnd, and still knows the columns', async () => {
    writeFileSync(log, header + row('C1'));
    follow({ fromEnd: true });
    await until(() => states.length === 1);
    appendFileSync(log, row('C2'));
    await until(() => uids.length === 1);
    expect(uids).toEqual(['C2']);
  });

  it('with other columns is named once, its rows are counted, and the next log is read', async () => {
    writeFileSync(log, `${header.replace('orig_bytes', 'obytes')}${row('C1')}${row('C2')}`);
    follow();
    await until(() => errors.length === 1);
    expect(errors[0]).toMatchObject({ code: 'missing_columns' });
    renameSync(log, `${log}.1`);
    writeFileSync(log, header + row('C3'));
    await until(() => uids.length === 1);
    stop.abort();
    expect({ ...(await done).rejected }).toEqual({ 'row.unusable_log': 2 });
  });

  it('in JSON that is another log is named once, and its rows are counted', async () => {
    const query = '{"ts":1,"uid":"C1","id.orig_h":"10.0.0.1","id.resp_h":"10.0.0.2","query":"a.example"}\n';
    writeFileSync(log, query + query);
    follow({ required: [] });
    await until(() => errors.length === 1);
    stop.abort();
    expect({ ...(await done).rejected }).toEqual({ 'row.unusable_log': 2 });
    expect([errors.length, errors[0].code, uids]).toEqual([1, 'not_a_conn_log', []]);
  });

  it('throws away a line without end instead of keeping it', async () => {
    writeFileSync(log, header);
    follow();
    await until(() => states.length === 1);
    for (let i = 0; i < 3; i++) appendFileSync(log, 'x'.repeat(1 << 19));
    await new Promise((resolve) => setTimeout(resolve, 50));
    appendFileSync(log, `\n${row('C1')}`);
    await until(() => uids.length === 1);
    stop.abort();
    expect((await done).rejected['row.too_long']).toBe(1);
  });
});
