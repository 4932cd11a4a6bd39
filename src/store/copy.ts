/** Everything of one store into another, empty one, whatever engines they are; and the proof that nothing is missing. */
import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { AppError } from '../errors.ts';
import { chunks } from './chunks.ts';
import type { Tables } from './schema.ts';
import type { Store } from './store.ts';

type Row = Record<string, unknown>;
type AnyTables = Record<string, Row>;
interface Side {
  db: Kysely<AnyTables>;
  engine: 'sqlite' | 'postgres';
}

/** Rows name only rows of tables before theirs. `counter`: the column that numbers them. */
const tables: Record<keyof Tables, { order: string[]; counter?: string }> = {
  scan_result: { order: ['id'], counter: 'id' },
  scan_report: { order: ['scan_id'] },
  notify_delivery: { order: ['id'] },
  notify_held: { order: ['id'] },
  notify_decision: { order: ['id'], counter: 'id' },
  setting: { order: ['name'] },
  live_alert: { order: ['id'], counter: 'id' },
  live_alert_flow: { order: ['alert_id', 'uid'] },
  live_device: { order: ['mac'] },
  live_gap: { order: ['from_ts'] },
  live_traffic: { order: ['minute', 'mac'] },
  live_mute: { order: ['id'] },
  auth_user: { order: ['id'] },
  auth_session: { order: ['id'] },
  auth_account: { order: ['id'] },
  auth_verification: { order: ['id'] },
  auth_two_factor: { order: ['id'] },
  api_token: { order: ['id'] },
  audit: { order: ['id'], counter: 'id' },
  uplink_lane: { order: ['lane'] },
  uplink_record: { order: ['lane', 'seq'] },
  uplink_batch: { order: ['lane', 'from_seq'] },
};
/** Rows of one read; details of a scan can be megabytes. */
const PAGE = 200;
/** Variables of one statement that both engines allow. */
const ROWS = 20;

export interface CopiedTable {
  name: string;
  rows: number;
  /** Of all rows, whatever their order. */
  digest: string;
}

/** Rejects with AppError `store_not_empty` or `copy_differs`; the source is only read. */
export async function copyStore(from: Store, to: Store): Promise<CopiedTable[]> {
  const [source, target] = [from, to].map(({ accounts: { sql: side } }) => side as unknown as Side);
  for (const name of Object.keys(tables)) {
    const row = await target.db.selectFrom(name).selectAll().limit(1).executeTakeFirst();
    // An empty one has made up its mind about nothing but what it is called.
    if (row !== undefined) throw new AppError('store_not_empty', { table: name });
  }
  const copied: CopiedTable[] = [];
  for (const [name, { order, counter }] of Object.entries(tables)) {
    for await (const page of pagesOf(source, name, order)) {
      await target.db.transaction().execute(async (transaction) => {
        for (const rows of chunks(page, ROWS)) await transaction.insertInto(name).values(rows).execute();
      });
    }
    if (counter !== undefined) await goOnCounting(source, target, name, counter);
    const [given, got] = [await digestOf(source, name, order), await digestOf(target, name, order)];
    if (given.digest !== got.digest)
      throw new AppError('copy_differs', { table: name, rows: given.rows, copied: got.rows });
    copied.push({ name, ...got });
  }
  return copied;
}

async function* pagesOf({ db }: Side, name: string, order: readonly string[]): AsyncGenerator<Row[]> {
  for (let offset = 0; ; offset += PAGE) {
    let query = db.selectFrom(name).selectAll().limit(PAGE).offset(offset);
    for (const column of order) query = query.orderBy(column);
    const page = await query.execute();
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
  }
}

/** The next row gets a number that no row ever had, not even one that was deleted. */
async function goOnCounting(source: Side, target: Side, name: string, counter: string): Promise<void> {
  const read =
    source.engine === 'sqlite'
      ? sql<{ last: number }>`select seq as last from sqlite_sequence where name = ${name}`
      : sql<{ last: number }>`select last_value as last from ${sql.id(`${name}_${counter}_seq`)} where is_called`;
  const last = (await read.execute(source.db)).rows[0]?.last;
  if (last === undefined) return;
  if (target.engine === 'postgres') {
    await sql`select setval(pg_get_serial_sequence(${name}, ${counter}), ${last})`.execute(target.db);
    return;
  }
  await sql`delete from sqlite_sequence where name = ${name}`.execute(target.db);
  await sql`insert into sqlite_sequence (name, seq) values (${name}, ${last})`.execute(target.db);
}

/** Sum of the hashes of all rows: engines sort text differently. */
async function digestOf(side: Side, name: string, order: readonly string[]): Promise<{ rows: number; digest: string }> {
  let [sum, rows] = [0n, 0];
  for await (const page of pagesOf(side, name, order)) {
    rows += page.length;
    for (const row of page) {
      const text = JSON.stringify(
        Object.keys(row)
          .sort()
          .map((column) => [column, plain(row[column])]),
      );
      sum = BigInt.asUintN(256, sum + BigInt(`0x${createHash('sha256').update(text).digest('hex')}`));
    }
  }
  return { rows, digest: sum.toString(16).padStart(64, '0') };
}

/** SQLite has neither booleans nor dates. */
function plain(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value);
  return value instanceof Date ? value.toISOString() : value;
}
