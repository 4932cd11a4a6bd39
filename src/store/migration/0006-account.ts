/**
 * Accounts. The columns of auth_* are those that better-auth asks for, under its names; the tokens of scripts and the
 * audit log are ours. Booleans and dates take the engine's own types, so that better-auth finds what it expects of each.
 */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bigint, bool, counter, date, integer, key, optional, reference, table, text, unique } from './table.ts';

const user = reference(text, 'auth_user.id');
const stamps = { createdAt: date, updatedAt: date };

export const accountMigration: Migration = {
  async up(db: Kysely<unknown>) {
    await table(db, 'auth_user', {
      id: key(text),
      name: text,
      email: unique(text),
      emailVerified: bool,
      image: optional(text),
      role: text,
      disabled: bool,
      twoFactorEnabled: optional(bool),
      ...stamps,
    }).execute();
    await table(db, 'auth_session', {
      id: key(text),
      userId: user,
      token: unique(text),
      expiresAt: date,
      ipAddress: optional(text),
      userAgent: optional(text),
      ...stamps,
    }).execute();
    await db.schema.createIndex('auth_session_user').on('auth_session').column('userId').execute();
    await table(db, 'auth_account', {
      id: key(text),
      userId: user,
      accountId: text,
      providerId: text,
      accessToken: optional(text),
      refreshToken: optional(text),
      idToken: optional(text),
      accessTokenExpiresAt: optional(date),
      refreshTokenExpiresAt: optional(date),
      scope: optional(text),
      password: optional(text),
      ...stamps,
    })
      .addUniqueConstraint('auth_account_key', ['providerId', 'accountId'])
      .execute();
    await db.schema.createIndex('auth_account_user').on('auth_account').column('userId').execute();
    await table(db, 'auth_verification', {
      id: key(text),
      identifier: text,
      value: text,
      expiresAt: date,
      ...stamps,
    }).execute();
    await db.schema.createIndex('auth_verification_name').on('auth_verification').column('identifier').execute();
    await table(db, 'auth_two_factor', {
      id: key(text),
      userId: unique(user),
      secret: text,
      backupCodes: text,
      verified: optional(bool),
      failedVerificationCount: optional(integer),
      lockedUntil: optional(date),
    }).execute();
    await table(db, 'api_token', {
      id: key(text),
      user_id: user,
      name: text,
      scopes: text,
      hash: unique(text),
      created: bigint,
      expires: optional(bigint),
      used: optional(bigint),
      used_from: optional(text),
    }).execute();
    await db.schema.createIndex('api_token_user').on('api_token').column('user_id').execute();
    await table(db, 'audit', {
      id: counter,
      ts: bigint,
      actor: text,
      via: text,
      address: text,
      action: text,
      target: text,
      outcome: text,
    }).execute();
  },
};
