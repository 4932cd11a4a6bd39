/** Traffic by minute and device, gaps in it, and mutes of the owner. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Tables } from '../schema.ts';
import type { StoredUplink } from '../uplink/index.ts';
import type { WriteBatch } from '../write-batch.ts';

export type StoredTraffic = Selectable<Tables['live_traffic']>;
export interface StoredGap {
  from: number;
  to: number | null;
  reason: string;
}
export interface TrafficQuery {
  mac: string;
  /** Minutes since 1970, both multiples of `step`. */
  since: number;
  until?: number;
  step?: number;
}
export type StoredMute = Selectable<Tables['live_mute']>;

const MOST_GAPS = 1000;
/** A week of a chart, one point a minute. */
const MOST_POINTS = 10_080;

/** Some engines answer a bigint as text. */
const toTraffic = (row: StoredTraffic): StoredTraffic => ({ ...row, minute: Number(row.minute) });

export function createLiveRecords(db: Kysely<Tables>, batch: WriteBatch, uplink: StoredUplink) {
  return {
    /** Takes the place of what was known of those minutes and devices. */
    addTraffic: (rows: readonly StoredTraffic[]) =>
      batch.run(async (transaction) => {
        for (const row of rows) {
          const { packets, bytes, strangeness, connections, contacts } = row;
          const grown = { packets, bytes, strangeness, connections, contacts };
          await transaction
            .insertInto('live_traffic')
            .values(row)
            .onConflict((conflict) => conflict.columns(['minute', 'mac']).doUpdateSet(grown))
            .execute();
        }
      }),

    /**
     * Stretches of `step` minutes from `since` on, up to and without `until`, in order; `mac` is empty for the whole
     * network.
     */
    async traffic({ mac, since, until = Number.MAX_SAFE_INTEGER, step = 1 }: TrafficQuery): Promise<StoredTraffic[]> {
      const stretch = sql<number>`minute - minute % ${sql.lit(step)}`;
      const rows = await db
        .selectFrom('live_traffic')
        .select((select) => [
          stretch.as('minute'),
          select.fn.sum<number>('packets').as('packets'),
          select.fn.sum<number>('bytes').as('bytes'),
          select.fn.max('strangeness').as('strangeness'),
          select.fn.sum<number>('connections').as('connections'),
          select.fn.sum<number>('contacts').as('contacts'),
        ])
        .where('mac', '=', mac)
        .where('minute', '>=', since)
        .where('minute', '<', until)
        .groupBy(stretch)
        .orderBy(stretch)
        .limit(MOST_POINTS)
        .execute();
      return rows.map((row) => toTraffic({ ...row, mac }));
    },

    /** The minutes from `since` on, of the network and of every device. */
    async trafficOfAll(since: number): Promise<StoredTraffic[]> {
      return (await db.selectFrom('live_traffic').selectAll().where('minute', '>=', since).execute()).map(toTraffic);
    },

    /** A gap is known by its start: once it has ended, it is added again. */
    addGap: ({ from, to, reason }: StoredGap) =>
      batch.run(async (transaction) => {
        await transaction
          .insertInto('live_gap')
          .values({ from_ts: from, to_ts: to, reason })
          .onConflict((conflict) => conflict.column('from_ts').doUpdateSet({ to_ts: to, reason }))
          .execute();
        await uplink.add(transaction, 'bulk', to ?? from, { kind: 'gap', from, to, reason });
      }),

    /** Newest first. */
    async gaps(limit: number): Promise<StoredGap[]> {
      const rows = await db.selectFrom('live_gap').selectAll().orderBy('from_ts', 'desc').limit(limit).execute();
      return rows.map(({ from_ts, to_ts, reason }) => ({ from: from_ts, to: to_ts, reason }));
    },

    setMute: (mute: StoredMute) =>
      batch.run(async (transaction) => {
        const { rule, hidden } = mute;
        await transaction
          .insertInto('live_mute')
          .values(mute)
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ rule, hidden }))
          .execute();
      }),

    /** Oldest first. */
    mutes: (): Promise<StoredMute[]> =>
      db.selectFrom('live_mute').selectAll().orderBy('created').orderBy('id').execute(),

    /** False where there is none. */
    removeMute: (id: string): Promise<boolean> =>
      batch.run(async (transaction) => {
        const { numDeletedRows } = await transaction.deleteFrom('live_mute').where('id', '=', id).executeTakeFirst();
        return numDeletedRows > 0n;
      }),

    forget: (mac: string) =>
      batch.run(async (transaction) => {
        await transaction.deleteFrom('live_traffic').where('mac', '=', mac).execute();
      }),

    /** Traffic before that time, gaps that ended before it, and all but the newest gaps. */
    prune: ({ before }: { before: number }) =>
      batch.run(async (transaction) => {
        await transaction
          .deleteFrom('live_traffic')
          .where('minute', '<', Math.floor(before / 60))
          .execute();
        await transaction
          .deleteFrom('live_gap')
          .where((where) =>
            where.or([
              where('to_ts', '<', before),
              where(
                'from_ts',
                'not in',
                where.selectFrom('live_gap').select('from_ts').orderBy('from_ts', 'desc').limit(MOST_GAPS),
              ),
            ]),
          )
          .execute();
      }),
  };
}
