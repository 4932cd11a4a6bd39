/** Everybody's accounts, for administrators. */
import { z } from 'zod';
import type { Accounts } from '../../../account/accounts.ts';
import { toRole } from '../../../account/role.ts';
import type { StoredUser } from '../../../store/account/user.ts';
import type { App } from '../../app.ts';
import {
  errorSchema,
  newUserSchema,
  passwordSchema,
  type User,
  userChangeSchema,
  userListSchema,
  userSchema,
} from '../../contract.ts';

const failures = { '4xx': errorSchema, '5xx': errorSchema };
const done = { response: { 204: z.null(), ...failures } };
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

  app.get(base, { schema: { summary: 'All accounts', response: { 200: userListSchema, ...failures } } }, async () => ({
    users: (await store.users.list()).map(toJson),
  }));

  app.post(
    base,
    { schema: { summary: 'Add an account', body: newUserSchema, response: { 200: userSchema, ...failures } } },
    async (request) => {
      request.audit.target = `${request.body.email} as ${request.body.role}`;
      return toJson(await accounts.add(request.body));
    },
  );

  app.patch(
    `${base}/:id`,
    {
      schema: {
        summary: 'Change an account',
        params,
        body: userChangeSchema,
        response: { 200: userSchema, ...failures },
      },
    },
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

  app.delete(`${base}/:id`, { schema: { summary: 'Remove an account', params, ...done } }, async (request, reply) => {
    request.audit.target = await emailOf(request.params.id);
    await accounts.remove(request.params.id);
    return reply.status(204).send(null);
  });

  app.put(
    `${base}/:id/password`,
    { schema: { summary: 'Set the password of an account', params, body: passwordSchema, ...done } },
    async (request, reply) => {
      request.audit.target = await emailOf(request.params.id);
      await accounts.setPassword(request.params.id, request.body.password);
      return reply.status(204).send(null);
    },
  );

  app.delete(
    `${base}/:id/two-factor`,
    { schema: { summary: 'Let an account do without its authenticator', params, ...done } },
    async (request, reply) => {
      request.audit.target = await emailOf(request.params.id);
      await store.users.disableTwoFactor(request.params.id);
      accounts.changed();
      return reply.status(204).send(null);
    },
  );
}
