/** The own account: name, password, sessions, the second factor. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Accounts } from '../../../account/accounts.ts';
import { verifyPassword } from '../../../account/password.ts';
import { AppError } from '../../../errors.ts';
import type { StoredSession } from '../../../store/account/session.ts';
import type { StoredUser } from '../../../store/account/user.ts';
import { addressOf } from '../../access/guard.ts';
import type { App } from '../../app.ts';
import {
  codeSchema,
  type OwnAccount,
  ownAccountSchema,
  passwordChangeSchema,
  passwordSchema,
  recoveryCodesSchema,
  twoFactorSchema,
} from '../../contract.ts';
import { answer, noContent } from '../answer.ts';
import { callerOf, setCookies } from './session.ts';

const base = '/api/v1/account';

/** The guard lets nobody else here. */
export function personOf({ identity }: FastifyRequest): { user: StoredUser; session: StoredSession } {
  if (!identity?.session) throw new AppError('sign_in_required', {});
  return { user: identity.user, session: identity.session };
}

export function ownAccountRoutes(app: App, accounts: Accounts): void {
  const { store, login, attempts } = accounts;

  const show = async (request: FastifyRequest): Promise<OwnAccount> => {
    const { session, user } = personOf(request);
    const [now, sessions] = await Promise.all([store.users.find({ id: user.id }), store.sessions.list(user.id)]);
    const { id, name, email, twoFactor } = now ?? user;
    return {
      ...{ id, name, email, role: request.identity!.role, two_factor: twoFactor },
      sessions: sessions.map((one) => ({
        ...{ id: one.id, current: one.id === session.id, address: one.address, agent: one.agent },
        ...{ created: one.created / 1000, seen: one.seen / 1000 },
      })),
    };
  };

  /** A page that was left open must not be enough to take the account over. */
  const withPassword = async <T>(request: FastifyRequest, work: () => Promise<T>): Promise<T> => {
    const { email } = personOf(request).user;
    attempts.require(email, addressOf(request));
    try {
      return await work();
    } catch (error) {
      const wrong = error instanceof AppError && (error.code === 'wrong_password' || error.code === 'bad_code');
      if (wrong) attempts.failed(email, addressOf(request));
      throw error;
    }
  };

  app.get(base, { schema: { summary: 'The own account', response: answer(ownAccountSchema) } }, show);

  app.put(
    `${base}/password`,
    { schema: { summary: 'Change the own password', body: passwordChangeSchema, response: noContent } },
    async (request, reply) => {
      const { user, session } = personOf(request);
      await withPassword(request, async () => {
        const stored = await store.users.password(user.id);
        const right = stored !== undefined && (await verifyPassword(stored, request.body.current));
        if (!right) throw new AppError('wrong_password', {});
      });
      await accounts.setPassword(user.id, request.body.new, session.id);
      return reply.status(204).send(null);
    },
  );

  app.delete(
    `${base}/sessions`,
    { schema: { summary: 'Sign out everywhere else', response: noContent } },
    async (request, reply) => {
      const { user, session } = personOf(request);
      await store.sessions.end({ userId: user.id, except: session.id });
      accounts.changed();
      return reply.status(204).send(null);
    },
  );

  app.delete(
    `${base}/sessions/:id`,
    { schema: { summary: 'End one session', params: z.object({ id: z.string() }), response: noContent } },
    async (request, reply) => {
      const ended = await store.sessions.end({ userId: personOf(request).user.id, id: request.params.id });
      if (ended === 0) throw new AppError('session_not_found', {});
      accounts.changed();
      return reply.status(204).send(null);
    },
  );

  twoFactorRoutes(app, { login, store, accounts, withPassword });
}

interface TwoFactorParts extends Pick<Accounts, 'login' | 'store'> {
  accounts: Accounts;
  withPassword: <T>(request: FastifyRequest, work: () => Promise<T>) => Promise<T>;
}

function twoFactorRoutes(app: App, { login, store, accounts, withPassword }: TwoFactorParts): void {
  const path = `${base}/two-factor`;

  app.post(
    path,
    {
      schema: {
        summary: 'Begin with an authenticator',
        description: 'It counts once a code of it was confirmed.',
        body: passwordSchema,
        response: answer(twoFactorSchema),
      },
    },
    async (request) => {
      const { uri, codes } = await withPassword(request, () =>
        login.beginTwoFactor(request.body.password, callerOf(request)),
      );
      return { uri, secret: new URL(uri).searchParams.get('secret') ?? '', recovery_codes: codes };
    },
  );

  app.post(
    `${path}/confirm`,
    { schema: { summary: 'Confirm the authenticator', body: codeSchema, response: noContent } },
    async (request, reply) => {
      const { code } = request.body;
      const { headers } = await withPassword(request, () =>
        login.withCode({ code, recovery: false }, callerOf(request)),
      );
      // The session has another token now; the others were made without a second factor.
      const { user } = personOf(request);
      const [newest] = (await store.sessions.list(user.id)).toSorted((a, b) => b.created - a.created);
      await store.sessions.end({ userId: user.id, except: newest?.id });
      accounts.changed();
      setCookies(request, reply, headers);
      return reply.status(204).send(null);
    },
  );

  app.post(
    `${path}/recovery-codes`,
    { schema: { summary: 'Make new recovery codes', body: passwordSchema, response: answer(recoveryCodesSchema) } },
    async (request) => ({
      recovery_codes: await withPassword(request, () =>
        login.newRecoveryCodes(request.body.password, callerOf(request)),
      ),
    }),
  );

  app.delete(
    path,
    { schema: { summary: 'Do without the authenticator', body: passwordSchema, response: noContent } },
    async (request, reply) => {
      const { headers } = await withPassword(request, () =>
        login.endTwoFactor(request.body.password, callerOf(request)),
      );
      accounts.changed();
      setCookies(request, reply, headers);
      return reply.status(204).send(null);
    },
  );
}
