/**
 * Accounts. The columns of auth_* are those that better-auth asks for, under its names; the tokens of scripts and the
 * audit log are ours. Booleans and dates take the engine's own types, so that better-auth finds what it expects of each.
 */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const accountMigration: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('auth_user')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('email', 'text', (column) => column.notNull().unique())
      .addColumn('emailVerified', 'boolean', (column) => column.notNull())
      .addColumn('image', 'text')
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('disabled', 'boolean', (column) => column.notNull())
      .addColumn('twoFactorEnabled', 'boolean')
      .addColumn('createdAt', 'timestamptz', (column) => column.notNull())
      .addColumn('updatedAt', 'timestamptz', (column) => column.notNull())
      .execute();
    const userId = (table: 'session' | 'account') =>
      db.schema
        .createTable(`auth_${table}`)
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('userId', 'text', (column) => column.references('auth_user.id').onDelete('cascade').notNull());
    await userId('session')
      .addColumn('token', 'text', (column) => column.notNull().unique())
      .addColumn('expiresAt', 'timestamptz', (column) => column.notNull())
      .addColumn('ipAddress', 'text')
      .addColumn('userAgent', 'text')
      .addColumn('createdAt', 'timestamptz', (column) => column.notNull())
      .addColumn('updatedAt', 'timestamptz', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('auth_session_user').on('auth_session').column('userId').execute();
    await userId('account')
      .addColumn('accountId', 'text', (column) => column.notNull())
      .addColumn('providerId', 'text', (column) => column.notNull())
      .addColumn('accessToken', 'text')
      .addColumn('refreshToken', 'text')
      .addColumn('idToken', 'text')
      .addColumn('accessTokenExpiresAt', 'timestamptz')
      .addColumn('refreshTokenExpiresAt', 'timestamptz')
      .addColumn('scope', 'text')
      .addColumn('password', 'text')
      .addColumn('createdAt', 'timestamptz', (column) => column.notNull())
      .addColumn('updatedAt', 'timestamptz', (column) => column.notNull())
      .addUniqueConstraint('auth_account_key', ['providerId', 'accountId'])
      .execute();
    await db.schema.createIndex('auth_account_user').on('auth_account').column('userId').execute();
    await db.schema
      .createTable('auth_verification')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('identifier', 'text', (column) => column.notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addColumn('expiresAt', 'timestamptz', (column) => column.notNull())
      .addColumn('createdAt', 'timestamptz', (column) => column.notNull())
      .addColumn('updatedAt', 'timestamptz', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('auth_verification_name').on('auth_verification').column('identifier').execute();
    await db.schema
      .createTable('auth_two_factor')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('userId', 'text', (column) => column.references('auth_user.id').onDelete('cascade').notNull().unique())
      .addColumn('secret', 'text', (column) => column.notNull())
      .addColumn('backupCodes', 'text', (column) => column.notNull())
      .addColumn('verified', 'boolean')
      .addColumn('failedVerificationCount', 'integer')
      .addColumn('lockedUntil', 'timestamptz')
      .execute();
    await db.schema
      .createTable('api_token')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('user_id', 'text', (column) => column.references('auth_user.id').onDelete('cascade').notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('scopes', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull().unique())
      .addColumn('created', 'bigint', (column) => column.notNull())
      .addColumn('expires', 'bigint')
      .addColumn('used', 'bigint')
      .addColumn('used_from', 'text')
      .execute();
    await db.schema.createIndex('api_token_user').on('api_token').column('user_id').execute();
    await db.schema
      .createTable('audit')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('ts', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('via', 'text', (column) => column.notNull())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('target', 'text', (column) => column.notNull())
      .addColumn('outcome', 'text', (column) => column.notNull())
      .execute();
  },
};
