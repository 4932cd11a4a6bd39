/** The audit log: who changed what, when and from where. Rows are added and age out; nothing changes one. */
import type { Kysely, Selectable } from 'kysely';
import type { Tables } from '../schema.ts';
import type { WriteBatch } from '../write-batch.ts';
import type { AuditTable } from './tables.ts';

export type AuditEntry = Selectable<AuditTable>;

export interface AuditQuery {
  limit: number;
  /** Only older ones than this id. */
  before?: number;
  actor?: string;
}

export function createAudit(db: Kysely<Tables>, batch: WriteBatch) {
  return {
    add: (entry: Omit<AuditEntry, 'id'>) =>
      batch.run(async (transaction) => {
        await transaction.insertInto('audit').values(entry).execute();
      }),

    /** Newest first. */
    async list({ limit, before, actor }: AuditQuery): Promise<AuditEntry[]> {
      let query = db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit);
      if (before !== undefined) query = query.where('id', '<', before);
      if (actor !== undefined) query = query.where('actor', '=', actor);
      return (await query.execute()).map((row) => ({ ...row, ts: Number(row.ts) }));
    },

    /** Deletes what is older than `before`, and all but the newest `keep`. */
    prune: ({ before, keep }: { before: number; keep: number }) =>
      batch.run(async (transaction) => {
        const { id } = await transaction
          .selectFrom('audit')
          .select((select) => select.fn.max('id').as('id'))
          .executeTakeFirstOrThrow();
        await transaction
          .deleteFrom('audit')
          .where((where) => where.or([where('ts', '<', before), where('id', '<=', Number(id ?? 0) - keep)]))
          .execute();
      }),
  };
}
