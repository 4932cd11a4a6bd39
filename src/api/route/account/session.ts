/** Signing in and out, and the set-up of the first account. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Accounts } from '../../../account/accounts.ts';
import type { Caller } from '../../../account/login.ts';
import { ownCookies, SESSION_COOKIE, toCookieHeader, toSetCookies } from '../../../account/session-cookie.ts';
import { AppError } from '../../../errors.ts';
import { addressOf, isSecure } from '../../access/guard.ts';
import type { App } from '../../app.ts';
import {
  codeSchema,
  type SessionState,
  sessionStateSchema,
  setUpSchema,
  signedInSchema,
  signInSchema,
} from '../../contract.ts';
import { answer, noContent } from '../answer.ts';

const MAX_AGENT = 200;

export function callerOf(request: FastifyRequest): Caller {
  return {
    cookies: toCookieHeader(ownCookies(request.headers.cookie, isSecure(request))),
    address: addressOf(request),
    agent: (request.headers['user-agent'] ?? '').slice(0, MAX_AGENT),
  };
}

export const setCookies = (request: FastifyRequest, reply: FastifyReply, headers: Headers): void =>
  void reply.header('set-cookie', toSetCookies(headers, isSecure(request)));

/** Without accounts there is only the answer that there are none. */
export function sessionRoutes(app: App, accounts: Accounts | undefined): void {
  app.get(
    '/api/v1/session',
    { schema: { summary: 'Who is signed in', response: answer(sessionStateSchema) } },
    async ({ identity }): Promise<SessionState> => {
      const passwords = (await accounts?.takesPasswords()) ?? false;
      const sign_in = { passwords, provider: (await accounts?.oidc())?.options.name ?? null };
      if (!accounts) return { mode: 'open', needs_set_up: false, sign_in, user: null };
      if (!identity) return { mode: 'accounts', needs_set_up: await accounts.needsSetUp(), sign_in, user: null };
      const { id, name, email, twoFactor } = identity.user;
      const user = { id, name, email, role: identity.role, two_factor: twoFactor };
      return { mode: 'accounts', needs_set_up: false, sign_in, user };
    },
  );
  if (accounts) signInRoutes(app, accounts);
}

function signInRoutes(app: App, accounts: Accounts): void {
  const { attempts, login, store } = accounts;

  /** Counts what fails, and ends the session that the browser came with: another person may sign in. */
  const attempt = async <T>(request: FastifyRequest, account: string, work: () => Promise<T>): Promise<T> => {
    attempts.require(account, addressOf(request));
    try {
      const answer = await work();
      attempts.succeeded(account, addressOf(request));
      const { session } = request.identity ?? {};
      if (session) await store.sessions.end({ userId: session.userId, id: session.id });
      accounts.changed();
      return answer;
    } catch (error) {
      if (error instanceof AppError && error.status === 401) attempts.failed(account, addressOf(request));
      throw error;
    }
  };

  app.post(
    '/api/v1/session',
    { schema: { summary: 'Sign in', body: signInSchema, response: answer(signedInSchema) } },
    async (request, reply) => {
      const { email, password } = request.body;
      request.audit.actor = email;
      if (!(await accounts.takesPasswords())) throw new AppError('passwords_off', {});
      const { value, headers } = await attempt(request, email, async () => {
        const answer = await login.withPassword({ email, password }, callerOf(request));
        await requireEnabled(accounts, { email });
        return answer;
      });
      setCookies(request, reply, headers);
      return { two_factor: value.twoFactor };
    },
  );

  app.post(
    '/api/v1/session/code',
    { schema: { summary: 'Sign in: the code', body: codeSchema, response: answer(signedInSchema) } },
    async (request, reply) => {
      request.audit.actor = 'somebody whose password was right';
      // With a session it would be a code for that session's account, which has its own route.
      const caller = withoutSession(callerOf(request), request);
      const { headers } = await attempt(request, 'code', async () => {
        const answer = await login.withCode(request.body, caller);
        const found = await store.sessions.find(answer.value.token);
        if (!found) throw new AppError('no_code_wanted', {});
        const { user, session } = found;
        request.audit.actor = user.email;
        await requireEnabled(accounts, { id: user.id });
        if (!accounts.usedCodes.take(user.id, request.body.code)) {
          await store.sessions.end({ userId: user.id, id: session.id });
          throw new AppError('bad_code', {});
        }
        return answer;
      });
      setCookies(request, reply, headers);
      return { two_factor: false };
    },
  );

  app.delete('/api/v1/session', { schema: { summary: 'Sign out', response: noContent } }, async (request, reply) => {
    const { session } = request.identity ?? {};
    if (session) {
      await store.sessions.end({ userId: session.userId, id: session.id });
      accounts.changed();
    }
    const gone = new Headers({ 'set-cookie': `${SESSION_COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict` });
    setCookies(request, reply, gone);
    return reply.status(204).send(null);
  });

  app.post(
    '/api/v1/set-up',
    { schema: { summary: 'Make the first account', body: setUpSchema, response: answer(signedInSchema) } },
    async (request, reply) => {
      const { token, ...account } = request.body;
      const { email, password } = account;
      attempts.require('set-up', addressOf(request));
      try {
        await accounts.setUp(token, account);
      } catch (error) {
        if (error instanceof AppError && error.status === 403) attempts.failed('set-up', addressOf(request));
        throw error;
      }
      request.audit.actor = email;
      const { headers } = await login.withPassword({ email, password }, callerOf(request));
      setCookies(request, reply, headers);
      return { two_factor: false };
    },
  );
}

/** Says no more than a wrong password would, and leaves no session behind. */
async function requireEnabled(accounts: Accounts, by: { id: string } | { email: string }): Promise<void> {
  const user = await accounts.store.users.find(by);
  if (!user?.disabled) return;
  await accounts.store.sessions.end({ userId: user.id });
  throw new AppError('bad_credentials', {});
}

function withoutSession(caller: Caller, request: FastifyRequest): Caller {
  const cookies = ownCookies(request.headers.cookie, isSecure(request));
  cookies.delete(SESSION_COOKIE);
  return { ...caller, cookies: toCookieHeader(cookies) };
}
