/** Sessions of browsers. better-auth makes them; they are checked, listed and ended here. */
import type { Kysely } from 'kysely';
import type { Tables } from '../schema.ts';
import type { WriteBatch } from '../write-batch.ts';
import { type StoredUser, toUser } from './user.ts';

export interface StoredSession {
  id: string;
  userId: string;
  /** Milliseconds since 1970 UTC. */
  created: number;
  seen: number;
  expires: number;
  address: string;
  agent: string;
}

export interface NewSession {
  id: string;
  userId: string;
  token: string;
  address: string;
  agent: string;
  now: number;
  expires: number;
}

interface SessionRow {
  id: string;
  userId: string;
  expiresAt: Date | string;
  ipAddress: string | null;
  userAgent: string | null;
  createdAt: Date | string;
  updatedAt: Date | string;
}

const columns = ['id', 'userId', 'expiresAt', 'ipAddress', 'userAgent', 'createdAt', 'updatedAt'] as const;
const milliseconds = (date: Date | string): number => new Date(date).getTime();

const toSession = (row: SessionRow): StoredSession => ({
  id: row.id,
  userId: row.userId,
  created: milliseconds(row.createdAt),
  seen: milliseconds(row.updatedAt),
  expires: milliseconds(row.expiresAt),
  address: row.ipAddress ?? '',
  agent: row.userAgent ?? '',
});

export function createSessions(db: Kysely<Tables>, batch: WriteBatch) {
  return {
    /** Whoever holds the token, and their session. */
    async find(token: string): Promise<{ session: StoredSession; user: StoredUser } | undefined> {
      const row = await db.selectFrom('auth_session').select(columns).where('token', '=', token).executeTakeFirst();
      if (!row) return undefined;
      const user = await db.selectFrom('auth_user').selectAll().where('id', '=', row.userId).executeTakeFirst();
      return user && { session: toSession(row), user: toUser(user) };
    },

    /** Of somebody whom another has recognised; better-auth adds those of passwords. */
    add: ({ id, userId, token, address, agent, now, expires }: NewSession) =>
      batch.run(async (transaction) => {
        const date = new Date(now);
        await transaction
          .insertInto('auth_session')
          .values({
            ...{ id, userId, token, ipAddress: address, userAgent: agent },
            ...{ expiresAt: new Date(expires), createdAt: date, updatedAt: date },
          })
          .execute();
      }),

    /** The latest seen first. */
    async list(userId: string): Promise<StoredSession[]> {
      const rows = await db
        .selectFrom('auth_session')
        .select(columns)
        .where('userId', '=', userId)
        .orderBy('updatedAt', 'desc')
        .execute();
      return rows.map(toSession);
    },

    /** It was used: it lasts until `expires`. */
    touch: (id: string, { now, expires }: { now: number; expires: number }) =>
      batch.run(async (transaction) => {
        await transaction
          .updateTable('auth_session')
          .set({ updatedAt: new Date(now), expiresAt: new Date(expires) })
          .where('id', '=', id)
          .execute();
      }),

    /** Gives how many ended. */
    end: (which: { userId: string; id?: string; except?: string }): Promise<number> =>
      batch.run(async (transaction) => {
        let query = transaction.deleteFrom('auth_session').where('userId', '=', which.userId);
        if (which.id !== undefined) query = query.where('id', '=', which.id);
        if (which.except !== undefined) query = query.where('id', '!=', which.except);
        return Number((await query.executeTakeFirst()).numDeletedRows);
      }),

    /** Deletes what has run out. */
    prune: (now: number) =>
      batch.run(async (transaction) => {
        const date = new Date(now);
        await transaction.deleteFrom('auth_session').where('expiresAt', '<', date).execute();
        await transaction.deleteFrom('auth_verification').where('expiresAt', '<', date).execute();
      }),
  };
}
