/**
 * The outbox of notifications in the database. It has the shape that `notify/outbox.ts` asks for and knows nothing of
 * what the rows mean; test/conformance/notify/outbox-suite.ts holds the two together.
 */
import { type Kysely, type Selectable, sql } from 'kysely';
import { chunks } from './chunks.ts';
import type { NotifyDecisionTable, NotifyDeliveryTable, NotifyHeldTable, Tables } from './schema.ts';
import type { WriteBatch } from './write-batch.ts';

type DeliveryRow = Selectable<NotifyDeliveryTable>;
type HeldRow = Selectable<NotifyHeldTable>;
type DecisionRow = Omit<Selectable<NotifyDecisionTable>, 'id'>;

interface Changes {
  deliveries: DeliveryRow[];
  held: HeldRow[];
  released: string[];
  decisions: DecisionRow[];
}

interface DeliveryQuery {
  limit: number;
  before?: { created: number; id: string };
  channel?: string;
  status?: DeliveryRow['status'];
}

const idsOf = (rows: { id: string }[]): string[] => rows.map(({ id }) => id);

/** Some engines answer a bigint as text. */
const toDelivery = (row: DeliveryRow): DeliveryRow => ({
  ...row,
  created: Number(row.created),
  due: Number(row.due),
  ended: row.ended === null ? null : Number(row.ended),
});
const toHeld = (row: HeldRow): HeldRow => ({ ...row, due: Number(row.due) });
const toDecision = ({ id: _, ...row }: Selectable<NotifyDecisionTable>): DecisionRow => ({
  ...row,
  ts: Number(row.ts),
});

export function createOutbox(db: Kysely<Tables>, batch: WriteBatch) {
  return {
    async load({ decisions }: { decisions: number }) {
      const waiting = db.selectFrom('notify_delivery').selectAll().where('status', '=', 'waiting');
      const newest = db.selectFrom('notify_decision').selectAll().orderBy('id', 'desc').limit(decisions);
      return {
        deliveries: (await waiting.orderBy('created').orderBy('id').execute()).map(toDelivery),
        held: (await db.selectFrom('notify_held').selectAll().execute()).map(toHeld),
        decisions: (await newest.execute()).map(toDecision).reverse(),
      };
    },

    commit: ({ deliveries, held, released, decisions }: Changes) =>
      batch.run(async (transaction) => {
        for (const rows of chunks(deliveries)) {
          await transaction.deleteFrom('notify_delivery').where('id', 'in', idsOf(rows)).execute();
          await transaction.insertInto('notify_delivery').values(rows).execute();
        }
        for (const rows of chunks(held)) {
          await transaction.deleteFrom('notify_held').where('id', 'in', idsOf(rows)).execute();
          await transaction.insertInto('notify_held').values(rows).execute();
        }
        for (const ids of chunks(released)) {
          await transaction.deleteFrom('notify_held').where('id', 'in', ids).execute();
        }
        for (const rows of chunks(decisions)) await transaction.insertInto('notify_decision').values(rows).execute();
      }),

    async deliveries({ limit, before, channel, status }: DeliveryQuery) {
      let query = db
        .selectFrom('notify_delivery')
        .selectAll()
        .orderBy('created', 'desc')
        .orderBy('id', 'desc')
        .limit(limit);
      if (channel !== undefined) query = query.where('channel', '=', channel);
      if (status !== undefined) query = query.where('status', '=', status);
      if (before) {
        const { created, id } = before;
        query = query.where((where) =>
          where.or([where('created', '<', created), where.and([where('created', '=', created), where('id', '<', id)])]),
        );
      }
      return (await query.execute()).map(toDelivery);
    },

    async deliveriesById(ids: string[]) {
      const rows: DeliveryRow[] = [];
      for (const some of chunks(ids)) {
        rows.push(...(await db.selectFrom('notify_delivery').selectAll().where('id', 'in', some).execute()));
      }
      return rows.map(toDelivery);
    },

    async decisions(alert: string) {
      const rows = await db
        .selectFrom('notify_decision')
        .selectAll()
        .where('alert', '=', alert)
        .orderBy('id')
        .execute();
      return rows.map(toDecision);
    },

    prune: ({ before, keep }: { before: number; keep: number }) =>
      batch.run(async (transaction) => {
        await transaction
          .deleteFrom('notify_delivery')
          .where('status', '!=', 'waiting')
          .where((where) =>
            where.or([
              where('ended', '<', before),
              where(
                'id',
                'not in',
                where.selectFrom('notify_delivery').select('id').orderBy('created', 'desc').limit(keep),
              ),
            ]),
          )
          .execute();
        const newest = transaction.selectFrom('notify_decision').select((select) => select.fn.max('id').as('id'));
        const { id } = await newest.executeTakeFirstOrThrow();
        await transaction
          .deleteFrom('notify_decision')
          .where((where) => where.or([where('ts', '<', before), where('id', '<=', Number(id) - keep)]))
          .execute();
      }),

    forget: (address: string) =>
      batch.run(async (transaction) => {
        await transaction.deleteFrom('notify_decision').where('address', '=', address).execute();
        await transaction.deleteFrom('notify_held').where('address', '=', address).execute();
        const among = `% ${address.replaceAll(/[\\%_]/g, '\\$&')} %`;
        await transaction
          .deleteFrom('notify_delivery')
          .where((where) =>
            where.or([
              where('addresses', '=', ` ${address} `),
              // One on its way that others are in as well still has to tell of those.
              where.and([where('status', '!=', 'waiting'), sql<boolean>`addresses like ${among} escape '\\'`]),
            ]),
          )
          .execute();
      }),
  };
}
export type StoredOutbox = ReturnType<typeof createOutbox>;
