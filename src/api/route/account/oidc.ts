/** Signing in with the provider of the owner, and what an administrator needs to set it up. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Accounts } from '../../../account/accounts.ts';
import { roleOf } from '../../../account/oidc/claims.ts';
import type { OidcProvider } from '../../../account/oidc/provider.ts';
import { accountOf } from '../../../account/oidc/sign-in.ts';
import { COOKIE_PREFIX, ownCookies, toSetCookies } from '../../../account/session-cookie.ts';
import { AppError } from '../../../errors.ts';
import { addressOf, isSecure } from '../../access/guard.ts';
import type { App } from '../../app.ts';
import { type OidcOutcome, type OidcSettings, oidcSettingsSchema, oidcTestSchema } from '../../contract.ts';
import { answer } from '../answer.ts';
import { callerOf, setCookies } from './session.ts';

const FLOW_COOKIE = `${COOKIE_PREFIX}.oidc`;
const FLOW_SECONDS = 600;

const OIDC_CALLBACK = '/api/v1/session/oidc/callback';

/** `origin` says under which address browsers open the dashboard. */
export function oidcRoutes(app: App, accounts: Accounts, origin: () => string): void {
  const redirectUri = (): string => origin() + OIDC_CALLBACK;
  let last: OidcOutcome | null = null;

  const required = async (): Promise<OidcProvider> => {
    const provider = await accounts.oidc();
    if (!provider) throw new AppError('oidc_off', {});
    return provider;
  };
  /** Lax: the browser comes back from another site. */
  const setFlow = (request: FastifyRequest, reply: FastifyReply, value: string, seconds: number): void => {
    const cookie = `${FLOW_COOKIE}=${value}; Max-Age=${seconds}; Path=/; HttpOnly; SameSite=Lax`;
    reply.header('set-cookie', toSetCookies(new Headers({ 'set-cookie': cookie }), isSecure(request)));
  };

  app.get('/api/v1/session/oidc', { schema: { hide: true } }, async (request, reply) => {
    try {
      const { url, state } = await (await required()).begin(redirectUri());
      setFlow(request, reply, state, FLOW_SECONDS);
      return reply.redirect(url, 303);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return reply.redirect(`/?oidc=${error.code}`, 303);
    }
  });

  app.get(OIDC_CALLBACK, { schema: { hide: true } }, async (request, reply) => {
    const cookie = ownCookies(request.headers.cookie, isSecure(request)).get(FLOW_COOKIE);
    const at = accounts.clock.now() / 1000;
    const entry = {
      ts: accounts.clock.now(),
      via: 'page',
      address: addressOf(request),
      action: 'Sign in with the provider',
    };
    setFlow(request, reply, '', 0);
    const known: Partial<OidcOutcome> = {};
    try {
      const provider = await required();
      const { person, link } = await provider.finish(request.url.split('?')[1] ?? '', cookie);
      Object.assign(known, {
        email: person.email,
        groups: person.groups,
        role: roleOf(person.groups, provider.options) ?? null,
      });
      const user = await accountOf(accounts, provider, person, link);
      const { session } = request.identity ?? {};
      if (session) await accounts.store.sessions.end({ userId: session.userId, id: session.id });
      const headers = await accounts.beginSession(user.id, callerOf(request));
      accounts.changed();
      setCookies(request, reply, headers);
      last = { at, error: null, email: null, groups: [], role: null, ...known };
      await accounts.store.audit.add({ ...entry, actor: user.email, target: '', outcome: 'done' });
      return reply.redirect(link === undefined ? '/' : '/account', 303);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      last = { at, email: null, groups: [], role: null, ...known, error: error.message };
      // What was not begun here is a request that anybody can send.
      if (error.code !== 'oidc_state' && error.code !== 'oidc_off') {
        await accounts.store.audit.add({
          ...entry,
          actor: known.email ?? 'somebody',
          target: error.code,
          outcome: 'refused',
        });
      }
      return reply.redirect(`/?oidc=${error.code}`, 303);
    }
  });

  app.post(
    '/api/v1/account/oidc',
    {
      schema: {
        summary: 'Link the account of the provider to the own one',
        response: answer(z.object({ url: z.string() })),
      },
    },
    async (request, reply) => {
      const { url, state } = await (await required()).begin(redirectUri(), request.identity!.user.id);
      setFlow(request, reply, state, FLOW_SECONDS);
      return { url };
    },
  );

  app.get(
    '/api/v1/oidc',
    { schema: { summary: 'How people sign in with the provider', response: answer(oidcSettingsSchema) } },
    async (): Promise<OidcSettings> => {
      const { options } = (await accounts.oidc()) ?? {};
      return {
        redirect_uri: redirectUri(),
        passwords: await accounts.takesPasswords(),
        provider: options
          ? {
              ...{ issuer: options.issuer, client_id: options.clientId, name: options.name, claim: options.claim },
              ...{ admins: [...options.admins], operators: [...options.operators], viewers: [...options.viewers] },
            }
          : null,
        last,
      };
    },
  );

  app.post(
    '/api/v1/oidc/test',
    { schema: { summary: 'Ask the provider who it is', response: answer(oidcTestSchema) } },
    async () => {
      const { issuer, authorization, token, ahead } = await (await required()).discover();
      return { issuer, authorization_endpoint: authorization, token_endpoint: token, clock_ahead_seconds: ahead };
    },
  );
}
