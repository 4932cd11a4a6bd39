/**
 * The way to a hub, as far as it lies in this database. A record is written in the transaction of what it tells of, and
 * stays until the hub's own database has it: neither a kill nor a week without the hub loses or doubles one.
 */
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Tables } from '../schema.ts';
import type { WriteBatch } from '../write-batch.ts';
import type { UplinkRecord } from './record.ts';
import type { Lane } from './tables.ts';

export type WaitingRecord = Pick<Selectable<Tables['uplink_record']>, 'first' | 'seq' | 'ts' | 'body'>;

export interface UplinkBatch {
  lane: Lane;
  /** Both inclusive. */
  from: number;
  to: number;
  /** Counts how often the hub was found not to have it. */
  attempt: number;
  records: WaitingRecord[];
}

export interface LaneState {
  lane: Lane;
  last: number;
  committed: number;
  waiting: number;
  bytes: number;
}

const lanes: readonly Lane[] = ['alert', 'bulk'];
/** Records of one batch at most. */
const MOST_RECORDS = 500;
/** What was seen of a device is told again after this time; more often than the hub's page shows it serves nobody. */
const DEVICE_EVERY_S = 3600;
/** Devices whose last telling is remembered. */
const MOST_DEVICES = 4096;

const tables = ['uplink_lane', 'uplink_record', 'uplink_batch'] as const;

export function createUplink(db: Kysely<Tables>, batch: WriteBatch) {
  const told = new Map<string, number>();
  let wake: (() => void) | undefined;

  /** Nothing where the house has not joined a hub. */
  async function add(transaction: Transaction<Tables>, lane: Lane, ts: number, record: UplinkRecord): Promise<void> {
    const place = await transaction
      .updateTable('uplink_lane')
      .set((expression) => ({ last: expression('last', '+', 1) }))
      .where('lane', '=', lane)
      .returning('last')
      .executeTakeFirst();
    if (!place) return;
    const body = JSON.stringify(record);
    const row = { lane, first: place.last, seq: place.last, ts, bytes: Buffer.byteLength(body), body };
    await transaction.insertInto('uplink_record').values(row).execute();
    wake?.();
  }

  return {
    add,

    /** True at most once an hour for a device. */
    isDue(mac: string, ts: number): boolean {
      const last = told.get(mac);
      if (last !== undefined && ts >= last && ts - last < DEVICE_EVERY_S) return false;
      if (told.size >= MOST_DEVICES) told.delete(told.keys().next().value!);
      told.set(mac, ts);
      return true;
    },

    /** Called whenever a record was added, before it is on disk. */
    onAdd(listener: (() => void) | undefined): void {
      wake = listener;
    },

    /** From now on records are kept for a hub; what waited for another one goes. */
    begin: () =>
      batch.run(async (transaction) => {
        for (const one of tables) await transaction.deleteFrom(one).execute();
        const rows = lanes.map((lane) => ({ lane, last: 0, committed: 0 }));
        await transaction.insertInto('uplink_lane').values(rows).execute();
        told.clear();
      }),

    /** Nothing is kept for a hub any more. */
    end: () =>
      batch.run(async (transaction) => {
        for (const one of tables) await transaction.deleteFrom(one).execute();
      }),

    /** A record of the uplink itself. */
    tell: (lane: Lane, ts: number, record: UplinkRecord) =>
      batch.run((transaction) => add(transaction, lane, ts, record)),

    async lanes(): Promise<LaneState[]> {
      const rows = await db
        .selectFrom('uplink_lane')
        .leftJoin('uplink_record', 'uplink_record.lane', 'uplink_lane.lane')
        .select((select) => [
          'uplink_lane.lane',
          'last',
          'committed',
          select.fn.count<number>('uplink_record.seq').as('waiting'),
          select.fn.sum<number | null>('uplink_record.bytes').as('bytes'),
        ])
        .groupBy(['uplink_lane.lane', 'last', 'committed'])
        .execute();
      return rows.map((row) => ({ ...row, waiting: Number(row.waiting), bytes: Number(row.bytes ?? 0) }));
    },

    /** The batch that follows that number: one that was made before, or a new one of at most so many bytes. */
    next: (lane: Lane, after: number, mostBytes: number): Promise<UplinkBatch | undefined> =>
      batch.run(async (transaction) => {
        const known = await transaction
          .selectFrom('uplink_batch')
          .selectAll()
          .where('lane', '=', lane)
          .where('from_seq', '=', after + 1)
          .executeTakeFirst();
        let query = transaction
          .selectFrom('uplink_record')
          .select(['first', 'seq', 'ts', 'bytes', 'body'])
          .where('lane', '=', lane)
          .where('seq', '>', after)
          .orderBy('seq')
          .limit(MOST_RECORDS);
        if (known) query = query.where('seq', '<=', known.to_seq);
        const rows = await query.execute();
        if (rows.length === 0) return undefined;
        let end = 1;
        for (let bytes = rows[0].bytes; end < rows.length && !known; end++) {
          bytes += rows[end].bytes;
          if (bytes > mostBytes) break;
        }
        const records = (known ? rows : rows.slice(0, end)).map(({ bytes: _, ...row }) => row);
        const [from, to] = [records[0].first, records.at(-1)!.seq];
        const attempt = known?.attempt ?? 1;
        if (!known) {
          await transaction.insertInto('uplink_batch').values({ lane, from_seq: from, to_seq: to, attempt }).execute();
        }
        return { lane, from, to, attempt, records };
      }),

    /** The hub's database has everything up to that number: it goes here. */
    committed: (lane: Lane, upTo: number) =>
      batch.run(async (transaction) => {
        await transaction.deleteFrom('uplink_record').where('lane', '=', lane).where('seq', '<=', upTo).execute();
        await transaction.deleteFrom('uplink_batch').where('lane', '=', lane).where('to_seq', '<=', upTo).execute();
        await transaction.updateTable('uplink_lane').set({ committed: upTo }).where('lane', '=', lane).execute();
      }),

    /**
     * The hub has less than it had: it was restored from a backup, and what it lacks is not here any more. One record
     * says how many.
     */
    rewind: (lane: Lane, to: number, ts: number) =>
      batch.run(async (transaction) => {
        const { committed } = await transaction
          .selectFrom('uplink_lane')
          .select('committed')
          .where('lane', '=', lane)
          .executeTakeFirstOrThrow();
        if (to >= committed) return;
        const body = JSON.stringify({ kind: 'lost', records: committed - to, bytes: 0 } satisfies UplinkRecord);
        const row = { lane, first: to + 1, seq: committed, ts, bytes: Buffer.byteLength(body), body };
        await transaction.insertInto('uplink_record').values(row).execute();
        await transaction.updateTable('uplink_lane').set({ committed: to }).where('lane', '=', lane).execute();
      }),

    /** What was sent and did not arrive is sent under another number, so that no memory of the first one hides it. */
    again: (lane: Lane) =>
      batch.run(async (transaction) => {
        await transaction
          .updateTable('uplink_batch')
          .set((expression) => ({ attempt: expression('attempt', '+', 1) }))
          .where('lane', '=', lane)
          .execute();
      }),

    /**
     * Beyond so many bytes the oldest records that are not on their way make room, and one record says how many went.
     * Gives how many.
     */
    trim: (lane: Lane, mostBytes: number): Promise<number> =>
      batch.run(async (transaction) => {
        const { bytes } = await transaction
          .selectFrom('uplink_record')
          .select((select) => select.fn.sum<number | null>('bytes').as('bytes'))
          .where('lane', '=', lane)
          .executeTakeFirstOrThrow();
        let over = Number(bytes ?? 0) - mostBytes;
        if (over <= 0) return 0;
        const sent = await transaction
          .selectFrom('uplink_batch')
          .select((select) => select.fn.max<number | null>('to_seq').as('to'))
          .where('lane', '=', lane)
          .executeTakeFirst();
        const rows = await transaction
          .selectFrom('uplink_record')
          .selectAll()
          .where('lane', '=', lane)
          .where('seq', '>', sent?.to ?? 0)
          .orderBy('seq')
          .execute();
        const gone: typeof rows = [];
        for (const row of rows) {
          if (over <= 0) break;
          over -= row.bytes;
          gone.push(row);
        }
        if (gone.length === 0) return 0;
        const lost = { records: 0, bytes: 0 };
        for (const row of gone) {
          const record = JSON.parse(row.body) as UplinkRecord;
          lost.records += record.kind === 'lost' ? record.records : 1;
          lost.bytes += record.kind === 'lost' ? record.bytes : row.bytes;
        }
        const last = gone.at(-1)!;
        await transaction
          .deleteFrom('uplink_record')
          .where('lane', '=', lane)
          .where('seq', '>=', gone[0].seq)
          .where('seq', '<=', last.seq)
          .execute();
        const body = JSON.stringify({ kind: 'lost', ...lost } satisfies UplinkRecord);
        const row = { lane, first: gone[0].first, seq: last.seq, ts: last.ts, bytes: Buffer.byteLength(body), body };
        await transaction.insertInto('uplink_record').values(row).execute();
        return gone.length;
      }),
  };
}
export type StoredUplink = ReturnType<typeof createUplink>;
