/** The stored accounts. */
import type { Kysely } from 'kysely';
import type { Tables } from '../schema.ts';
import type { WriteBatch } from '../write-batch.ts';
import { createAudit } from './audit.ts';
import { createSessions } from './session.ts';
import { createTokens } from './token.ts';
import { createUsers } from './user.ts';

export const createAccountStore = (db: Kysely<Tables>, batch: WriteBatch, engine: 'sqlite' | 'postgres') => ({
  users: createUsers(db, batch),
  sessions: createSessions(db, batch),
  tokens: createTokens(db, batch),
  audit: createAudit(db, batch),
  /** For better-auth, which brings queries of its own. */
  sql: { db, engine },
});
export type { AuditEntry } from './audit.ts';
export type StoredAccounts = ReturnType<typeof createAccountStore>;
