/** Everybody's accounts, for administrators. */
import { z } from 'zod';
import type { Accounts } from '../../../account/accounts.ts';
import { toRole } from '../../../account/role.ts';
import type { StoredUser } from '../../../store/account/user.ts';
import type { App } from '../../app.ts';
import {
  newUserSchema,
  passwordSchema,
  type User,
  userChangeSchema,
  userListSchema,
  userSchema,
} from '../../contract.ts';
import { answer, noContent } from '../answer.ts';

const params = z.object({ id: z.string() });
const base = '/api/v1/users';

const toJson = ({ role, twoFactor, created, ...user }: StoredUser): User => ({
  ...user,
  role: toRole(role),
  two_factor: twoFactor,
  created: created / 1000,
});

export function userRoutes(app: App, accounts: Accounts): void {
  const { store } = accounts;
  /** The log of changes names people, not numbers. */
  const emailOf = async (id: string): Promise<string> => (await store.users.find({ id }))?.email ?? id;

  app.get(base, { schema: { summary: 'All accounts', response: answer(userListSchema) } }, async () => ({
    users: (await store.users.list()).map(toJson),
  }));

  app.post(
    base,
    { schema: { summary: 'Add an account', body: newUserSchema, response: answer(userSchema) } },
    async (request) => {
      request.audit.target = `${request.body.email} as ${request.body.role}`;
      return toJson(await accounts.add(request.body));
    },
  );

  app.patch(
    `${base}/:id`,
    { schema: { summary: 'Change an account', params, body: userChangeSchema, response: answer(userSchema) } },
    async (request) => {
      const {
        params: { id },
        body,
      } = request;
      const { role, disabled } = body;
      const changes = [role && `is ${role}`, disabled && 'switched off', disabled === false && 'switched on'];
      request.audit.target = [await emailOf(id), ...changes.filter(Boolean)].join(', ');
      return toJson(await accounts.change(id, body));
    },
  );

  app.delete(
    `${base}/:id`,
    { schema: { summary: 'Remove an account', params, response: noContent } },
    async (request, reply) => {
      request.audit.target = await emailOf(request.params.id);
      await accounts.remove(request.params.id);
      return reply.status(204).send(null);
    },
  );

  app.put(
    `${base}/:id/password`,
    { schema: { summary: 'Set the password of an account', params, body: passwordSchema, response: noContent } },
    async (request, reply) => {
      request.audit.target = await emailOf(request.params.id);
      await accounts.setPassword(request.params.id, request.body.password);
      return reply.status(204).send(null);
    },
  );

  app.delete(
    `${base}/:id/two-factor`,
    { schema: { summary: 'Let an account do without its authenticator', params, response: noContent } },
    async (request, reply) => {
      request.audit.target = await emailOf(request.params.id);
      await store.users.disableTwoFactor(request.params.id);
      accounts.changed();
      return reply.status(204).send(null);
    },
  );
}
