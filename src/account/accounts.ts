/** Accounts as the server and the command line use them: who is who, who may what, and what was changed. */
import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Clock, systemClock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { StoredAccounts } from '../store/account/index.ts';
import type { StoredUser } from '../store/account/user.ts';
import type { SettingBox } from '../store/setting-box.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { Identities } from './identity.ts';
import { IDLE_SECONDS, Login } from './login.ts';
import { type OidcOptions, OidcProvider } from './oidc/provider.ts';
import { hashPassword, requireGoodPassword } from './password.ts';
import type { Role } from './role.ts';
import { SESSION_COOKIE, signSessionToken } from './session-cookie.ts';
import { checkSetUpToken, makeSetUpToken, removeSetUpToken } from './set-up-link.ts';
import { UsedCodes } from './used-codes.ts';

export interface AccountsOptions {
  store: StoredAccounts;
  settings: SettingBox;
  /** The data folder: the key that signs cookies lies in it, beside the database and not in it. */
  directory: string;
  log: Log;
  clock?: Clock;
  /** The provider with which people may sign in too. */
  oidc?: OidcOptions | null;
  /** Passwords are taken whatever the settings say: the way back in. */
  localLogin?: boolean;
}

export interface NewAccount {
  name: string;
  email: string;
  password: string;
  role: Role;
}

const SET_UP = 'accounts.set_up';
const OIDC_OFF = 'accounts.oidc_off';

export class Accounts {
  readonly store: StoredAccounts;
  readonly identities: Identities;
  readonly login: Login;
  readonly attempts: AttemptLimit;
  readonly usedCodes: UsedCodes;
  readonly clock: Clock;
  readonly log: Log;
  readonly #settings: SettingBox;
  readonly #directory: string;
  readonly #secret: string;
  readonly #oidc: OidcProvider | null;
  readonly #localLogin: boolean;
  readonly #changed = new Set<() => void>();
  #settingUp: Promise<void> = Promise.resolve();

  constructor(options: AccountsOptions) {
    const { store, log, directory, clock = systemClock } = options;
    const secret = readOrMakeKey(path.join(directory, 'accounts.key'));
    this.store = store;
    this.log = log;
    this.clock = clock;
    this.#settings = options.settings;
    this.#directory = directory;
    this.#secret = secret;
    this.#oidc = options.oidc ? new OidcProvider(options.oidc, clock, log) : null;
    this.#localLogin = options.localLogin ?? false;
    this.identities = new Identities({ store, secret, clock, log });
    this.login = new Login({ store, secret, log });
    this.attempts = new AttemptLimit(clock);
    this.usedCodes = new UsedCodes(clock);
  }

  /** True until the first administrator was made, and never again, whoever is removed later. */
  async needsSetUp(): Promise<boolean> {
    return (await this.#settings.read(SET_UP)) === null && (await this.store.users.count()) === 0;
  }

  /** The token of a new set-up link. Rejects with AppError `set_up_done`. */
  async makeSetUpToken(): Promise<string> {
    if (!(await this.needsSetUp())) throw new AppError('set_up_done', {});
    return makeSetUpToken(this.#directory, this.clock);
  }

  /** Rejects with AppError `set_up_done`, `set_up_link_wrong`, `set_up_link_expired` or `weak_password`. */
  async setUp(token: string, account: Omit<NewAccount, 'role'>): Promise<StoredUser> {
    // One after the other: of two with the same link, the second finds it used.
    const before = this.#settingUp;
    const done = Promise.withResolvers<void>();
    this.#settingUp = done.promise;
    await before;
    try {
      if (!(await this.needsSetUp())) throw new AppError('set_up_done', {});
      const state = checkSetUpToken(this.#directory, token, this.clock);
      if (state !== 'good') throw new AppError(state === 'wrong' ? 'set_up_link_wrong' : 'set_up_link_expired', {});
      return await this.add({ ...account, role: 'admin' });
    } finally {
      done.resolve();
    }
  }

  /** Rejects with AppError `user_exists` or `weak_password`. The first account of all ends the set-up. */
  async add({ name, email, password, role }: NewAccount): Promise<StoredUser> {
    await requireGoodPassword(password, [name, email, email.split('@')[0]]);
    const id = randomBytes(16).toString('hex');
    const stored = await hashPassword(password);
    const added = await this.store.users.add({ id, name, email, role, password: stored, now: this.clock.now() });
    if (!added) throw new AppError('user_exists', {});
    await this.#settings.write(SET_UP, 'true');
    removeSetUpToken(this.#directory);
    return this.#find({ id });
  }

  /** Ends every session but `keep`. Rejects with AppError `user_not_found` or `weak_password`. */
  async setPassword(id: string, password: string, keep?: string): Promise<void> {
    const { name, email } = await this.#find({ id });
    await requireGoodPassword(password, [name, email, email.split('@')[0]]);
    await this.store.users.setPassword(id, await hashPassword(password), this.clock.now(), keep);
    this.changed();
  }

  /** Rejects with AppError `user_not_found` or `last_admin`. */
  async change(id: string, change: { name?: string; role?: Role; disabled?: boolean }): Promise<StoredUser> {
    refuse(await this.store.users.change(id, change));
    this.changed();
    return this.#find({ id });
  }

  /** A session for somebody whom a provider has recognised. Gives the cookie to be set. */
  async beginSession(userId: string, { address, agent }: { address: string; agent: string }): Promise<Headers> {
    const token = randomBytes(24).toString('base64url');
    const now = this.clock.now();
    const id = randomBytes(16).toString('hex');
    await this.store.sessions.add({ id, userId, token, address, agent, now, expires: now + 1000 * IDLE_SECONDS });
    const value = signSessionToken(token, this.#secret);
    const cookie = `${SESSION_COOKIE}=${value}; Max-Age=${IDLE_SECONDS}; Path=/; HttpOnly; SameSite=Strict`;
    return new Headers({ 'set-cookie': cookie });
  }

  /** Null where it is not set, or was switched off on the machine because it is broken. */
  async oidc(): Promise<OidcProvider | null> {
    return this.#oidc && (await this.#settings.read(OIDC_OFF)) !== 'true' ? this.#oidc : null;
  }

  async switchOidc(on: boolean): Promise<void> {
    await this.#settings.write(OIDC_OFF, on ? 'false' : 'true');
  }

  /** Without them the provider alone lets people in; the machine's owner has a way back. */
  async takesPasswords(): Promise<boolean> {
    return this.#localLogin || ((await this.oidc())?.options.passwords ?? true);
  }

  /** Their sessions and tokens end with them. Rejects as `change` does. */
  async remove(id: string): Promise<void> {
    refuse(await this.store.users.remove(id));
    this.changed();
  }

  /** Rights may be gone: looks again, and tells whoever holds a connection open. */
  changed(): void {
    this.identities.forget();
    for (const listener of this.#changed) listener();
  }

  onChange(listener: () => void): void {
    this.#changed.add(listener);
  }

  async #find(by: { id: string }): Promise<StoredUser> {
    const user = await this.store.users.find(by);
    if (!user) throw new AppError('user_not_found', {});
    return user;
  }
}

function refuse(outcome: 'done' | 'unknown' | 'last_admin'): void {
  if (outcome === 'unknown') throw new AppError('user_not_found', {});
  if (outcome === 'last_admin') throw new AppError('last_admin', {});
}

/** 256 bits, for the owner of the machine alone. */
function readOrMakeKey(file: string): string {
  try {
    writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    chmodSync(file, 0o600);
  }
  return readFileSync(file, 'utf8').trim();
}
