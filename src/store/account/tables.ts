/** Tables of accounts. What better-auth writes keeps its names; a date is a text on SQLite and a Date on PostgreSQL. */
import type { Generated } from 'kysely';

type StoredDate = Date | string;
/** 0 and 1 on SQLite. */
type StoredBoolean = boolean | number;

export interface UserTable {
  id: string;
  name: string;
  email: string;
  emailVerified: StoredBoolean;
  image: string | null;
  role: string;
  disabled: StoredBoolean;
  twoFactorEnabled: StoredBoolean | null;
  createdAt: StoredDate;
  updatedAt: StoredDate;
}

export interface SessionTable {
  id: string;
  userId: string;
  token: string;
  expiresAt: StoredDate;
  ipAddress: string | null;
  userAgent: string | null;
  createdAt: StoredDate;
  updatedAt: StoredDate;
}

/** How somebody signs in: `credential` holds a password, the others name a provider. */
export interface LoginTable {
  id: string;
  userId: string;
  accountId: string;
  providerId: string;
  accessToken: string | null;
  refreshToken: string | null;
  idToken: string | null;
  accessTokenExpiresAt: StoredDate | null;
  refreshTokenExpiresAt: StoredDate | null;
  scope: string | null;
  password: string | null;
  createdAt: StoredDate;
  updatedAt: StoredDate;
}

export interface VerificationTable {
  id: string;
  identifier: string;
  value: string;
  expiresAt: StoredDate;
  createdAt: StoredDate;
  updatedAt: StoredDate;
}

export interface TwoFactorTable {
  id: string;
  userId: string;
  secret: string;
  backupCodes: string;
  verified: StoredBoolean | null;
  failedVerificationCount: number | null;
  lockedUntil: StoredDate | null;
}

/** Times here and below are milliseconds since 1970 UTC. */
export interface ApiTokenTable {
  id: string;
  user_id: string;
  name: string;
  /** Between blanks. */
  scopes: string;
  /** SHA-256 of the token, in hexadecimal: the token itself is nowhere. */
  hash: string;
  created: number;
  expires: number | null;
  used: number | null;
  used_from: string | null;
}

export interface AuditTable {
  id: Generated<number>;
  ts: number;
  actor: string;
  /** `session`, `token NAME`, `command line`, `no login`. */
  via: string;
  address: string;
  action: string;
  target: string;
  outcome: string;
}

export interface AccountTables {
  auth_user: UserTable;
  auth_session: SessionTable;
  auth_account: LoginTable;
  auth_verification: VerificationTable;
  auth_two_factor: TwoFactorTable;
  api_token: ApiTokenTable;
  audit: AuditTable;
}
