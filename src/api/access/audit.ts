/** Writes down every change and every refused one: who, when, from where, what. Never what was sent: it may be a secret. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../../log.ts';
import type { StoredAccounts } from '../../store/account/index.ts';
import type { App } from '../app.ts';
import { addressOf, isChange } from './guard.ts';
import { unaudited } from './routes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the route knows better than its address says. */
    audit: { actor?: string; target?: string };
  }
}

const MAX_TEXT = 200;
/** Refusals are written down while they tell something: they are what an attacker can make endless. */
const refusals = new Set([401, 403, 409, 422]);

export function auditChanges(app: App, store: StoredAccounts, log: Log): void {
  app.decorateRequest('audit');
  app.addHook('onRequest', async (request: FastifyRequest) => {
    request.audit = {};
  });
  app.addHook('onResponse', async (request: FastifyRequest, reply: FastifyReply) => {
    const { url } = request.routeOptions;
    if (url === undefined || !isChange(request.method) || unaudited.has(`${request.method} ${url}`)) return;
    const outcome = reply.statusCode < 400 ? 'done' : refusals.has(reply.statusCode) ? 'refused' : null;
    const actor = request.identity?.user.email ?? request.audit.actor;
    // Anybody can send requests that lead nowhere; a wrong password has its limit.
    if (outcome === null || (outcome === 'refused' && actor === undefined)) return;
    const { summary = url } = (request.routeOptions.schema ?? {}) as { summary?: string };
    const entry = {
      ts: Date.now(),
      actor: cut(actor ?? 'this machine'),
      via: via(request),
      address: addressOf(request),
      action: summary,
      target: cut(request.audit.target ?? Object.values((request.params ?? {}) as Record<string, string>).join(' ')),
      outcome,
    };
    await store.audit.add(entry).catch((error: unknown) => {
      log.error({ err: error, ...entry }, 'A change could not be written into the audit log');
    });
  });
}

const cut = (text: string): string => text.slice(0, MAX_TEXT);

function via({ identity, audit }: FastifyRequest): string {
  if (identity?.token) return `token ${identity.token.name}`;
  return identity || audit.actor !== undefined ? 'page' : 'no login';
}
