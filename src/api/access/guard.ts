/** Asks of every request whether whoever sends it may use the route, before anything of it is read. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Accounts } from '../../account/accounts.ts';
import { plainAddress } from '../../account/client-address.ts';
import { allows, type Identity } from '../../account/identity.ts';
import type { Access } from '../../account/role.ts';
import { ownCookies, SESSION_COOKIE } from '../../account/session-cookie.ts';
import { AppError } from '../../errors.ts';
import type { App } from '../app.ts';
import { routeAccess } from './routes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null where nobody is signed in, and where there are no accounts. */
    identity: Identity | null;
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    guard: Guard;
  }
}

export interface Guard {
  /** `METHOD /path/:name` and what it asks for; of every route, after the server is ready. */
  routes: ReadonlyMap<string, Access>;
  /** From here on GET routes are files of the page, which hold nothing of the network and are for everybody. */
  beginPage(): void;
}

const changing = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
export const isChange = (method: string): boolean => changing.has(method);
export const addressOf = (request: FastifyRequest): string => plainAddress(request.ip);
export const isSecure = (request: FastifyRequest): boolean => request.protocol === 'https';

const words: Record<Exclude<Access, 'public'>, string> = {
  person: 'somebody who has signed in on the page, not a token',
  read: 'a token with the scope "read"',
  upload: 'the role operator, and of a token the scope "upload"',
  operate: 'the role operator, and of a token the scope "operate"',
  admin: 'the role administrator, and of a token the scope "admin"',
};

/** Without accounts everybody who reaches the server may do everything: it listens on this machine only. */
export function guardRoutes(app: App, accounts: Accounts | undefined): Guard {
  const routes = new Map<string, Access>();
  let isPage = false;
  app.decorateRequest('identity', null);

  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) {
      const key = `${one === 'HEAD' ? 'GET' : one} ${url}`;
      const ofPage = isPage && one !== 'POST' && !url.startsWith('/api/');
      // A route that nobody has thought about is closed.
      routes.set(`${one} ${url}`, routeAccess[key] ?? (ofPage ? 'public' : 'admin'));
    }
  });

  app.addHook('onRequest', async (request: FastifyRequest, _reply: FastifyReply) => {
    const { url } = request.routeOptions;
    if (!accounts || url === undefined) return;
    request.identity = await identify(accounts, request);
    const access = routes.get(`${request.method} ${url}`) ?? 'admin';
    if (access === 'public') return;
    if (!request.identity) throw new AppError('sign_in_required', {});
    if (access === 'person' && request.identity.token) throw new AppError('not_permitted', { needed: words.person });
    if (!allows(request.identity, access)) throw new AppError('not_permitted', { needed: words[access] });
    if (request.identity.session && isChange(request.method)) requireOrigin(request);
  });
  const guard: Guard = {
    routes,
    beginPage() {
      isPage = true;
    },
  };
  app.decorate('guard', guard);
  return guard;
}

export function identify(accounts: Accounts, request: FastifyRequest): Promise<Identity | null> {
  const { cookie, authorization } = request.headers;
  return accounts.identities.of({
    cookie: cookie === undefined ? undefined : ownCookies(cookie, isSecure(request)).get(SESSION_COOKIE),
    authorization,
    address: addressOf(request),
  });
}

/** Every browser says where a change comes from; host-check.ts has looked at what it says. */
function requireOrigin({ headers }: FastifyRequest): void {
  if (headers.origin === undefined && headers['sec-fetch-site'] === undefined) throw new AppError('foreign_origin', {});
}
