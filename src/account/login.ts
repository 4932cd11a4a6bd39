/**
 * Signing in, by better-auth: passwords, codes of an authenticator, recovery codes. It is loaded when somebody signs in
 * and not before (it costs 40 MB and half a second). Nothing of its own HTTP interface is reachable: our routes call it.
 */
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { StoredAccounts } from '../store/account/index.ts';
import { hashPassword, MAX_PASSWORD, verifyPassword } from './password.ts';
import { COOKIE_PREFIX } from './session-cookie.ts';

export interface LoginOptions {
  store: StoredAccounts;
  /** Signs cookies and seals the secrets of authenticators. */
  secret: string;
  log: Log;
}

/** The caller: cookies under better-auth's names, and the address and browser for the list of sessions. */
export interface Caller {
  cookies: string;
  address: string;
  agent: string;
}

/** A session lasts this long without use, in seconds. */
export const IDLE_SECONDS = 14 * 86_400;
const CLIENT_HEADER = 'x-guardian-client';

export interface Answer<T> {
  value: T;
  /** Cookies to be set. */
  headers: Headers;
}

export class Login {
  readonly #options: LoginOptions;
  #loading: ReturnType<typeof load> | undefined;

  constructor(options: LoginOptions) {
    this.#options = options;
  }

  /** `twoFactor` where the password was right and a code is wanted next. Rejects with AppError `bad_credentials`. */
  async withPassword(
    body: { email: string; password: string },
    caller: Caller,
  ): Promise<Answer<{ twoFactor: boolean; token: string | null }>> {
    const { headers, response } = await this.#call((auth) =>
      auth.api.signInEmail({ body, headers: toHeaders({ ...caller, cookies: '' }), returnHeaders: true }),
    );
    const twoFactor = 'twoFactorRedirect' in response;
    return { value: { twoFactor, token: twoFactor ? null : response.token }, headers };
  }

  /** Rejects with AppError `bad_code` or `no_code_wanted`. */
  async withCode(
    { code, recovery }: { code: string; recovery: boolean },
    caller: Caller,
  ): Promise<Answer<{ token: string }>> {
    const request = { body: { code }, headers: toHeaders(caller), returnHeaders: true } as const;
    const { headers, response } = await this.#call((auth) =>
      recovery ? auth.api.verifyBackupCode(request) : auth.api.verifyTOTP(request),
    );
    return { value: { token: response.token ?? '' }, headers };
  }

  /** Secret for an authenticator, and codes for the day on which it is lost. Takes effect with `withCode`. */
  async beginTwoFactor(password: string, caller: Caller): Promise<{ uri: string; codes: string[] }> {
    const answer = await this.#call((auth) =>
      auth.api.enableTwoFactor({ body: { password, method: 'totp' }, headers: toHeaders(caller) }),
    );
    if (answer.method !== 'totp') throw new Error('better-auth has chosen another method');
    return { uri: answer.totpURI, codes: answer.backupCodes };
  }

  async newRecoveryCodes(password: string, caller: Caller): Promise<string[]> {
    const answer = await this.#call((auth) =>
      auth.api.generateBackupCodes({ body: { password }, headers: toHeaders(caller) }),
    );
    return answer.backupCodes;
  }

  /** better-auth gives the session another token. */
  async endTwoFactor(password: string, caller: Caller): Promise<Answer<null>> {
    const { headers } = await this.#call((auth) =>
      auth.api.disableTwoFactor({ body: { password }, headers: toHeaders(caller), returnHeaders: true }),
    );
    return { value: null, headers };
  }

  async #call<T>(work: (auth: Awaited<ReturnType<typeof load>>) => Promise<T>): Promise<T> {
    this.#loading ??= load(this.#options);
    try {
      return await work(await this.#loading);
    } catch (error) {
      throw toAppError(error);
    }
  }
}

async function load({ store: { sql }, secret, log }: LoginOptions) {
  const [{ betterAuth }, { twoFactor }] = await Promise.all([
    import('better-auth/minimal'),
    import('better-auth/plugins/two-factor'),
  ]);
  const { kyselyAdapter } = await import('@better-auth/kysely-adapter');
  const strict = { sameSite: 'strict', path: '/', httpOnly: true } as const;
  return betterAuth({
    appName: 'Home IoT Guardian',
    // Nothing is answered under it: addresses that better-auth makes of it lead nowhere.
    baseURL: 'http://localhost',
    basePath: '/api/auth',
    secret,
    database: kyselyAdapter(sql.db, { type: sql.engine }),
    telemetry: { enabled: false },
    logger: { log: (level, message) => log.debug({ level }, `better-auth: ${message}`) },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 1,
      maxPasswordLength: MAX_PASSWORD,
      password: { hash: hashPassword, verify: ({ hash, password }) => verifyPassword(hash, password) },
    },
    user: {
      modelName: 'auth_user',
      additionalFields: {
        role: { type: 'string', input: false, required: true, defaultValue: 'viewer' },
        disabled: { type: 'boolean', input: false, required: true, defaultValue: false },
      },
    },
    session: { modelName: 'auth_session', expiresIn: IDLE_SECONDS, disableSessionRefresh: true },
    account: { modelName: 'auth_account', accountLinking: { disableImplicitLinking: true } },
    verification: { modelName: 'auth_verification' },
    // Ours counts by account and client, for every way in.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: false,
      defaultCookieAttributes: strict,
      ipAddress: { ipAddressHeaders: [CLIENT_HEADER] },
    },
    plugins: [twoFactor({ issuer: 'Home IoT Guardian', schema: { twoFactor: { modelName: 'auth_two_factor' } } })],
  });
}

/** The address comes from the connection: a header of this name from outside never gets here. */
const toHeaders = ({ cookies, address, agent }: Caller): Headers =>
  new Headers({
    ...(cookies === '' ? {} : { cookie: cookies }),
    ...(address === '' ? {} : { [CLIENT_HEADER]: address }),
    'user-agent': agent,
  });

/** Translates the errors of better-auth; an unknown one is a bug. */
function toAppError(error: unknown): unknown {
  const { body, status } = error as { body?: { code?: string }; status?: string };
  switch (body?.code) {
    case 'INVALID_EMAIL_OR_PASSWORD':
    case 'INVALID_EMAIL':
    case 'PASSWORD_TOO_LONG':
      return new AppError('bad_credentials', {}, { cause: error });
    case 'INVALID_PASSWORD':
      return new AppError('wrong_password', {}, { cause: error });
    case 'INVALID_CODE':
    case 'INVALID_BACKUP_CODE':
      return new AppError('bad_code', {}, { cause: error });
    case 'INVALID_TWO_FACTOR_COOKIE':
    case 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE':
      return new AppError('no_code_wanted', {}, { cause: error });
    case 'ACCOUNT_TEMPORARILY_LOCKED':
      return new AppError('too_many_attempts', { minutes: 15 }, { cause: error });
    case 'TOTP_ALREADY_ENABLED':
    case 'TOTP_NOT_ENABLED':
    case 'BACKUP_CODES_NOT_ENABLED':
    case 'TWO_FACTOR_NOT_ENABLED':
      return new AppError('two_factor_state', {}, { cause: error });
    default:
      return status === 'UNAUTHORIZED' ? new AppError('sign_in_required', {}, { cause: error }) : error;
  }
}
