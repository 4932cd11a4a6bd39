/** Finds the sender of a request: a person by the session cookie, or a script by its token. Runs at every request. */
import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { StoredAccounts } from '../store/account/index.ts';
import type { StoredSession } from '../store/account/session.ts';
import type { StoredToken } from '../store/account/token.ts';
import type { StoredUser } from '../store/account/user.ts';
import { IDLE_SECONDS } from './login.ts';
import { type Access, type Role, roleAllows, type Scope, scopes, scopesAllow, toRole } from './role.ts';
import { readSessionToken } from './session-cookie.ts';

export interface Identity {
  user: StoredUser;
  role: Role;
  /** Exactly one of the two. */
  session: StoredSession | null;
  token: StoredToken | null;
}

/** Credentials of a request. */
export interface Credentials {
  /** Value of the session cookie. */
  cookie: string | undefined;
  /** The `Authorization` header. */
  authorization: string | undefined;
  /** Where it comes from. */
  address: string;
}

/** However often it is used, a session ends after this, in milliseconds. */
const LONGEST_MS = 90 * 86_400_000;
/** Use is written down no more often than this. */
const TOUCH_MS = 300_000;
/** The command line may have changed something: what was looked up is believed for so long. Less than a second. */
const BELIEVED_MS = 500;
const MAX_KNOWN = 1000;

export const TOKEN_PREFIX = 'guardian_';
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

export const allows = (identity: Identity, access: Access): boolean =>
  roleAllows(identity.role, access) && (identity.token === null || scopesAllow(toScopes(identity.token), access));

export const toScopes = ({ scopes: text }: StoredToken): Scope[] => {
  const words = text.split(' ');
  return scopes.filter((scope) => words.includes(scope));
};

interface Known {
  /** Monotonic milliseconds. */
  at: number;
  identity: Promise<Identity | null>;
}

export class Identities {
  readonly #store: StoredAccounts;
  readonly #secret: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #known = new Map<string, Known>();
  /** When use was last written down, by session or token; monotonic milliseconds. */
  readonly #touched = new Map<string, number>();

  constructor(options: { store: StoredAccounts; secret: string; clock: Clock; log: Log }) {
    this.#store = options.store;
    this.#secret = options.secret;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  /** Null for nobody: no credentials, or such as are wrong, expired, revoked, or of an account that is switched off. */
  async of({ cookie, authorization, address }: Credentials): Promise<Identity | null> {
    // Whoever sends a token means it: a cookie beside it does not help.
    if (authorization !== undefined) {
      const token = /^Bearer +(\S{1,200})$/i.exec(authorization)?.[1];
      if (!token?.startsWith(TOKEN_PREFIX)) return null;
      const found = await this.#lookUp(`token ${hashToken(token)}`, () => this.#byToken(token));
      return found && this.#alive(found, address);
    }
    const token = cookie === undefined ? undefined : readSessionToken(cookie, this.#secret);
    if (token === undefined) return null;
    const found = await this.#lookUp(`session ${token}`, () => this.#bySession(token));
    return found && this.#alive(found, address);
  }

  /** Something has changed: nothing that was looked up before is believed. */
  forget(): void {
    this.#known.clear();
  }

  #lookUp(key: string, look: () => Promise<Identity | null>): Promise<Identity | null> {
    const now = this.#clock.monotonic();
    const known = this.#known.get(key);
    if (known && now - known.at < BELIEVED_MS) return known.identity;
    const identity = look();
    this.#known.delete(key);
    this.#known.set(key, { at: now, identity });
    // A store that does not answer is asked again.
    identity.catch(() => this.#known.delete(key));
    if (this.#known.size > MAX_KNOWN) this.#known.delete(this.#known.keys().next().value!);
    return identity;
  }

  async #bySession(token: string): Promise<Identity | null> {
    const found = await this.#store.sessions.find(token);
    return found ? { ...found, role: toRole(found.user.role), token: null } : null;
  }

  async #byToken(token: string): Promise<Identity | null> {
    const found = await this.#store.tokens.find(hashToken(token));
    return found ? { ...found, role: toRole(found.user.role), session: null } : null;
  }

  #alive(identity: Identity, address: string): Identity | null {
    const { user, session, token } = identity;
    const now = this.#clock.now();
    if (user.disabled) return null;
    if (session && (session.expires <= now || session.created + LONGEST_MS <= now)) return null;
    if (token?.expires && token.expires <= now) return null;
    this.#touch(identity, address, now);
    return identity;
  }

  #touch({ session, token }: Identity, address: string, now: number): void {
    const id = session?.id ?? token!.id;
    const monotonic = this.#clock.monotonic();
    if (monotonic - (this.#touched.get(id) ?? Number.NEGATIVE_INFINITY) < TOUCH_MS) return;
    this.#touched.delete(id);
    this.#touched.set(id, monotonic);
    if (this.#touched.size > MAX_KNOWN) this.#touched.delete(this.#touched.keys().next().value!);
    const written = session
      ? this.#store.sessions.touch(id, { now, expires: now + 1000 * IDLE_SECONDS })
      : this.#store.tokens.touch(id, now, address);
    written.catch((error: unknown) => this.#log.warn({ err: error }, 'The use of a session could not be written down'));
  }
}
