/** People who may sign in. */
import type { Kysely, Selectable } from 'kysely';
import type { Tables } from '../schema.ts';
import type { WriteBatch } from '../write-batch.ts';
import type { UserTable } from './tables.ts';

export interface StoredUser {
  id: string;
  name: string;
  /** In small letters. */
  email: string;
  role: string;
  disabled: boolean;
  twoFactor: boolean;
  /** Milliseconds since 1970 UTC. */
  created: number;
}

export interface NewUser {
  id: string;
  name: string;
  email: string;
  role: string;
  /** Null for somebody who signs in elsewhere. */
  password: string | null;
  now: number;
}

export const toUser = (row: Selectable<UserTable>): StoredUser => ({
  id: row.id,
  name: row.name,
  email: row.email,
  role: row.role,
  disabled: Boolean(row.disabled),
  twoFactor: Boolean(row.twoFactorEnabled),
  created: new Date(row.createdAt).getTime(),
});

export function createUsers(db: Kysely<Tables>, batch: WriteBatch) {
  return {
    async list(): Promise<StoredUser[]> {
      return (await db.selectFrom('auth_user').selectAll().orderBy('email').execute()).map(toUser);
    },

    async find(by: { id: string } | { email: string }): Promise<StoredUser | undefined> {
      const query = db.selectFrom('auth_user').selectAll();
      const row = await ('id' in by
        ? query.where('id', '=', by.id)
        : query.where('email', '=', by.email.toLowerCase())
      ).executeTakeFirst();
      return row && toUser(row);
    },

    async count(): Promise<number> {
      const { count } = await db
        .selectFrom('auth_user')
        .select((select) => select.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    /** False where the address is taken. */
    add: ({ id, name, email, role, password, now }: NewUser): Promise<boolean> =>
      batch.run(async (transaction) => {
        const date = new Date(now);
        const stamps = { createdAt: date, updatedAt: date };
        const address = email.toLowerCase();
        const taken = transaction.selectFrom('auth_user').select('id').where('email', '=', address);
        if (await taken.executeTakeFirst()) return false;
        await transaction
          .insertInto('auth_user')
          .values({
            ...{ id, name, email: address, role, ...stamps },
            ...{ emailVerified: true, image: null, disabled: false, twoFactorEnabled: false },
          })
          .execute();
        if (password !== null) await setPassword(transaction, id, password, date);
        return true;
      }),

    /**
     * Refuses, with `last_admin`, what would leave nobody who can change settings. What it takes from somebody takes
     * their sessions along, as the next page must not be drawn with rights that are gone.
     */
    change: (
      id: string,
      change: { name?: string; role?: string; disabled?: boolean },
    ): Promise<'done' | 'unknown' | 'last_admin'> =>
      batch.run(async (transaction) => {
        const user = await transaction.selectFrom('auth_user').selectAll().where('id', '=', id).executeTakeFirst();
        if (!user) return 'unknown';
        const loses = (change.role !== undefined && change.role !== 'admin') || change.disabled === true;
        if (loses && (await isLastAdmin(transaction, id))) return 'last_admin';
        await transaction.updateTable('auth_user').set(change).where('id', '=', id).execute();
        const touched = change.role !== undefined && change.role !== user.role;
        if (touched || change.disabled) await transaction.deleteFrom('auth_session').where('userId', '=', id).execute();
        return 'done';
      }),

    remove: (id: string): Promise<'done' | 'unknown' | 'last_admin'> =>
      batch.run(async (transaction) => {
        if (await isLastAdmin(transaction, id)) return 'last_admin';
        const { numDeletedRows } = await transaction.deleteFrom('auth_user').where('id', '=', id).executeTakeFirst();
        return numDeletedRows > 0n ? 'done' : 'unknown';
      }),

    /** The stored form of the password; undefined where there is none. */
    async password(id: string): Promise<string | undefined> {
      const row = await db
        .selectFrom('auth_account')
        .select('password')
        .where('userId', '=', id)
        .where('providerId', '=', 'credential')
        .executeTakeFirst();
      return row?.password ?? undefined;
    },

    /** Signs out everywhere but in the session `keep`. */
    setPassword: (id: string, password: string, now: number, keep?: string) =>
      batch.run(async (transaction) => {
        await setPassword(transaction, id, password, new Date(now));
        let sessions = transaction.deleteFrom('auth_session').where('userId', '=', id);
        if (keep !== undefined) sessions = sessions.where('id', '!=', keep);
        await sessions.execute();
      }),

    /** Names of the providers with which they can sign in. */
    async providers(id: string): Promise<string[]> {
      const rows = await db.selectFrom('auth_account').select('providerId').where('userId', '=', id).execute();
      return rows.map(({ providerId }) => providerId);
    },

    async findByProvider(providerId: string, accountId: string): Promise<StoredUser | undefined> {
      const row = await db
        .selectFrom('auth_account')
        .innerJoin('auth_user', 'auth_user.id', 'auth_account.userId')
        .selectAll('auth_user')
        .where('providerId', '=', providerId)
        .where('accountId', '=', accountId)
        .executeTakeFirst();
      return row && toUser(row);
    },

    /** What the provider calls them, so that it can sign them in. */
    addProvider: (userId: string, providerId: string, accountId: string, now: number) =>
      batch.run(async (transaction) => {
        const date = new Date(now);
        await transaction
          .insertInto('auth_account')
          .values({
            ...{ id: `${userId}-${providerId}`, userId, accountId, providerId, password: null },
            ...{ accessToken: null, refreshToken: null, idToken: null, scope: null },
            ...{ accessTokenExpiresAt: null, refreshTokenExpiresAt: null, createdAt: date, updatedAt: date },
          })
          .execute();
      }),

    removeProviders: (id: string) =>
      batch.run(async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('auth_account')
          .where('userId', '=', id)
          .where('providerId', '!=', 'credential')
          .executeTakeFirst();
        return Number(numDeletedRows);
      }),

    disableTwoFactor: (id: string) =>
      batch.run(async (transaction) => {
        await transaction.deleteFrom('auth_two_factor').where('userId', '=', id).execute();
        await transaction.updateTable('auth_user').set({ twoFactorEnabled: false }).where('id', '=', id).execute();
      }),
  };
}

/** An administrator who can sign in, and the only one. */
async function isLastAdmin(db: Kysely<Tables>, id: string): Promise<boolean> {
  const admins = await db.selectFrom('auth_user').select(['id', 'disabled']).where('role', '=', 'admin').execute();
  const able = admins.filter(({ disabled }) => !disabled);
  return able.length === 1 && able[0].id === id;
}

async function setPassword(db: Kysely<Tables>, userId: string, password: string, date: Date): Promise<void> {
  await db.deleteFrom('auth_account').where('userId', '=', userId).where('providerId', '=', 'credential').execute();
  await db
    .insertInto('auth_account')
    .values({
      // better-auth looks for the user's id here.
      ...{ id: `${userId}-credential`, userId, accountId: userId, providerId: 'credential', password },
      ...{ accessToken: null, refreshToken: null, idToken: null, scope: null },
      ...{ accessTokenExpiresAt: null, refreshTokenExpiresAt: null, createdAt: date, updatedAt: date },
    })
    .execute();
}
