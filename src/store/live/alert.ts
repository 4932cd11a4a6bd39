/** Alerts of the live monitor, one row an episode, with the owner's word on each and its connections. */

import { type Kysely, type Selectable, sql } from 'kysely';
import type { AlertStatus } from '../../alert/status.ts';
import { chunks } from '../chunks.ts';
import type { LiveAlertTable, Tables } from '../schema.ts';
import type { StoredUplink } from '../uplink/index.ts';
import type { WriteBatch } from '../write-batch.ts';

export type StoredAlert = Selectable<LiveAlertTable>;
/** As it is told: the owner's word is not among it. */
export type ToldAlert = Omit<StoredAlert, 'id' | 'status'>;

export interface StoredFlow {
  uid: string;
  body: string;
}

export interface AlertQuery {
  limit: number;
  /** Only older ones than this id. */
  before?: number;
  mac?: string;
  status?: AlertStatus;
  severity?: string;
  /** Only what was updated since; seconds since 1970. */
  since?: number;
}

/** How an alert stands after it was told; `isNew` where this was the first time. */
export interface AlertPlace {
  id: number;
  status: AlertStatus;
  isNew: boolean;
}

/** Connections of one alert that are kept. */
const MOST_FLOWS = 100;

export function createLiveAlerts(db: Kysely<Tables>, batch: WriteBatch, uplink: StoredUplink) {
  return {
    /** A new episode gets the next id and is open; what is known already is brought up to date. */
    tell: (alert: ToldAlert): Promise<AlertPlace> =>
      batch.run(async (transaction) => {
        const { episode, ...told } = alert;
        const { kind: type, ...record } = alert;
        await uplink.add(transaction, 'alert', alert.updated, { ...record, kind: 'alert', type });
        const known = await transaction
          .selectFrom('live_alert')
          .select(['id', 'status'])
          .where('episode', '=', episode)
          .executeTakeFirst();
        if (known) {
          await transaction.updateTable('live_alert').set(told).where('id', '=', known.id).execute();
          return { ...known, isNew: false };
        }
        const { id } = await transaction
          .insertInto('live_alert')
          .values({ ...alert, status: 'open' })
          .returning('id')
          .executeTakeFirstOrThrow();
        return { id, status: 'open', isNew: true };
      }),

    /** Connections that take part in an episode; those of an unknown one, and those beyond 100, are passed over. */
    addFlows: (episode: string, flows: readonly StoredFlow[]) =>
      batch.run(async (transaction) => {
        const alert = await transaction
          .selectFrom('live_alert')
          .leftJoin('live_alert_flow', 'live_alert_flow.alert_id', 'live_alert.id')
          .select((select) => ['live_alert.id', select.fn.count<number>('live_alert_flow.uid').as('kept')])
          .where('episode', '=', episode)
          .groupBy('live_alert.id')
          .executeTakeFirst();
        const rows = flows.slice(0, Math.max(0, MOST_FLOWS - Number(alert?.kept ?? 0)));
        if (!alert || rows.length === 0) return;
        await transaction
          .insertInto('live_alert_flow')
          .values(rows.map((flow) => ({ ...flow, alert_id: alert.id })))
          .onConflict((conflict) => conflict.columns(['alert_id', 'uid']).doNothing())
          .execute();
      }),

    alert: (id: number): Promise<StoredAlert | undefined> =>
      db.selectFrom('live_alert').selectAll().where('id', '=', id).executeTakeFirst(),

    flows: (id: number): Promise<StoredFlow[]> =>
      db.selectFrom('live_alert_flow').select(['uid', 'body']).where('alert_id', '=', id).execute(),

    /** Newest first. */
    async list({ limit, before, mac, status, severity, since }: AlertQuery): Promise<StoredAlert[]> {
      let query = db.selectFrom('live_alert').selectAll().orderBy('id', 'desc').limit(limit);
      if (before !== undefined) query = query.where('id', '<', before);
      if (mac !== undefined) query = query.where('mac', '=', mac);
      if (status !== undefined) query = query.where('status', '=', status);
      if (severity !== undefined) query = query.where('severity', '=', severity);
      if (since !== undefined) query = query.where('updated', '>=', since);
      return query.execute();
    },

    /** Those of the episodes that there are alerts of, with their ids. */
    async known(episodes: readonly string[]): Promise<Map<string, number>> {
      const found = new Map<string, number>();
      for (const some of chunks(episodes)) {
        const rows = await db.selectFrom('live_alert').select(['episode', 'id']).where('episode', 'in', some).execute();
        for (const { episode, id } of rows) found.set(episode, id);
      }
      return found;
    },

    /** Open alerts by device and severity. */
    async open(): Promise<{ mac: string | null; severity: string; count: number }[]> {
      const rows = await db
        .selectFrom('live_alert')
        .select((select) => ['mac', 'severity', select.fn.countAll<number>().as('count')])
        .where('status', '=', 'open')
        .groupBy(['mac', 'severity'])
        .execute();
      return rows.map((row) => ({ ...row, count: Number(row.count) }));
    },

    /** Undefined where there is no such alert. */
    setStatus: (id: number, status: AlertStatus): Promise<StoredAlert | undefined> =>
      batch.run(async (transaction) => {
        const row = await transaction
          .updateTable('live_alert')
          .set({ status })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst();
        if (row) {
          await uplink.add(transaction, 'alert', row.updated, { kind: 'status', episode: row.episode, status });
        }
        return row;
      }),

    /** The device goes by another address from now on. */
    move: (from: string, into: string) =>
      batch.run(async (transaction) => {
        await transaction.updateTable('live_alert').set({ mac: into }).where('mac', '=', from).execute();
      }),

    /** Deletes what speaks of the device: its own alerts, and those in which one of its addresses takes part. */
    forget: (mac: string, addresses: readonly string[]) =>
      batch.run(async (transaction) => {
        await transaction.deleteFrom('live_alert').where('mac', '=', mac).execute();
        for (const address of addresses) {
          const among = `% ${address.replaceAll(/[\\%_]/g, '\\$&')} %`;
          await transaction.deleteFrom('live_alert').where(sql<boolean>`hosts like ${among} escape '\\'`).execute();
        }
      }),

    /** Deletes what was last updated before that time, and all but the newest `keep`. Gives how many went. */
    prune: ({ before, keep }: { before: number; keep: number }): Promise<number> =>
      batch.run(async (transaction) => {
        const old = await transaction
          .selectFrom('live_alert')
          .select('id')
          .where((where) =>
            where.or([
              where('updated', '<', before),
              where('id', 'not in', where.selectFrom('live_alert').select('id').orderBy('id', 'desc').limit(keep)),
            ]),
          )
          .execute();
        for (const rows of chunks(old)) {
          const ids = rows.map(({ id }) => id);
          await transaction.deleteFrom('live_alert').where('id', 'in', ids).execute();
        }
        return old.length;
      }),
  };
}
