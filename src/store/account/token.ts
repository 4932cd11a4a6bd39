/** Tokens of scripts. The token itself is nowhere: its hash is what is kept and looked for. */
import type { Kysely, Selectable } from 'kysely';
import type { Tables } from '../schema.ts';
import type { WriteBatch } from '../write-batch.ts';
import type { ApiTokenTable } from './tables.ts';
import { type StoredUser, toUser } from './user.ts';

export type StoredToken = Omit<Selectable<ApiTokenTable>, 'hash'>;

const toToken = ({ hash: _, ...row }: Selectable<ApiTokenTable>): StoredToken => ({
  ...row,
  created: Number(row.created),
  expires: row.expires === null ? null : Number(row.expires),
  used: row.used === null ? null : Number(row.used),
});

export function createTokens(db: Kysely<Tables>, batch: WriteBatch) {
  return {
    async find(hash: string): Promise<{ token: StoredToken; user: StoredUser } | undefined> {
      const row = await db.selectFrom('api_token').selectAll().where('hash', '=', hash).executeTakeFirst();
      if (!row) return undefined;
      const user = await db.selectFrom('auth_user').selectAll().where('id', '=', row.user_id).executeTakeFirst();
      return user && { token: toToken(row), user: toUser(user) };
    },

    /** Of one account, or of all; the newest first. */
    async list(userId?: string): Promise<StoredToken[]> {
      let query = db.selectFrom('api_token').selectAll().orderBy('created', 'desc').orderBy('id');
      if (userId !== undefined) query = query.where('user_id', '=', userId);
      return (await query.execute()).map(toToken);
    },

    add: (token: StoredToken & { hash: string }) =>
      batch.run(async (transaction) => {
        await transaction.insertInto('api_token').values(token).execute();
      }),

    /** False where there is none, or it is of somebody else than `userId`. */
    remove: (id: string, userId?: string): Promise<boolean> =>
      batch.run(async (transaction) => {
        let query = transaction.deleteFrom('api_token').where('id', '=', id);
        if (userId !== undefined) query = query.where('user_id', '=', userId);
        return (await query.executeTakeFirst()).numDeletedRows > 0n;
      }),

    touch: (id: string, used: number, used_from: string) =>
      batch.run(async (transaction) => {
        await transaction.updateTable('api_token').set({ used, used_from }).where('id', '=', id).execute();
      }),
  };
}
