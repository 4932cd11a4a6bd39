/** Tokens for scripts: made and revoked by people, shown once. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Accounts } from '../../../account/accounts.ts';
import { hashToken, TOKEN_PREFIX, toScopes } from '../../../account/identity.ts';
import { roleAllows } from '../../../account/role.ts';
import { AppError } from '../../../errors.ts';
import type { StoredToken } from '../../../store/account/token.ts';
import type { App } from '../../app.ts';
import { type ApiToken, madeTokenSchema, newTokenSchema, tokenListSchema } from '../../contract.ts';
import { answer, noContent } from '../answer.ts';
import { personOf } from './own.ts';

const DAY_MS = 86_400_000;
const base = '/api/v1/tokens';

const toJson = (token: StoredToken, owner: string): ApiToken => ({
  ...{ id: token.id, name: token.name, scopes: toScopes(token), owner, used_from: token.used_from },
  created: token.created / 1000,
  expires: token.expires && token.expires / 1000,
  used: token.used && token.used / 1000,
});

export function tokenRoutes(app: App, accounts: Accounts): void {
  const { store, clock } = accounts;

  app.get(
    base,
    { schema: { summary: 'The own tokens; of everybody for administrators', response: answer(tokenListSchema) } },
    async (request) => {
      const { user } = personOf(request);
      if (request.identity!.role !== 'admin') {
        return { tokens: (await store.tokens.list(user.id)).map((token) => toJson(token, user.email)) };
      }
      const owners = new Map((await store.users.list()).map(({ id, email }) => [id, email]));
      return { tokens: (await store.tokens.list()).map((token) => toJson(token, owners.get(token.user_id) ?? '')) };
    },
  );

  app.post(
    base,
    { schema: { summary: 'Make a token', body: newTokenSchema, response: answer(madeTokenSchema) } },
    async (request) => {
      const { name, days } = request.body;
      const scopes = [...new Set(request.body.scopes)];
      request.audit.target = `${name}: ${scopes.join(', ')}`;
      const beyond = scopes.find((scope) => !roleAllows(request.identity!.role, scope));
      if (beyond) throw new AppError('token_too_wide', { scope: beyond });
      const token = TOKEN_PREFIX + randomBytes(32).toString('base64url');
      const id = randomBytes(8).toString('hex');
      const now = clock.now();
      await store.tokens.add({
        ...{ id, name, scopes: scopes.join(' '), hash: hashToken(token), user_id: personOf(request).user.id },
        ...{ created: now, expires: days === null ? null : now + days * DAY_MS, used: null, used_from: null },
      });
      return { id, token };
    },
  );

  app.delete(
    `${base}/:id`,
    { schema: { summary: 'Revoke a token', params: z.object({ id: z.string() }), response: noContent } },
    async (request, reply) => {
      const { user } = personOf(request);
      const own = request.identity!.role === 'admin' ? undefined : user.id;
      if (!(await store.tokens.remove(request.params.id, own))) throw new AppError('token_not_found', {});
      accounts.changed();
      return reply.status(204).send(null);
    },
  );
}
