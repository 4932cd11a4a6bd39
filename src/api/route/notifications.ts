/** Notifications: channels and rules to read and change, the delivery log, and why somebody was or was not told. */
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { NotificationCenter } from '../../notify/center.ts';
import type { App } from '../app.ts';
import {
  channelChangeSchema,
  channelTestSchema,
  deliveryListSchema,
  notificationDecisionsSchema,
  notificationOptionsSchema,
  notificationsSchema,
  rulesChangeSchema,
} from '../contract.ts';
import { fromCursor, toCursor, toDecisions, toDelivery, toNotifications } from '../json/notification.ts';
import { answer, noContent } from './answer.ts';

const base = '/api/v1/notifications';
const named = z.object({ name: z.string() });
const identified = z.object({ id: z.string() });

const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `next_before` of the page before. */
  before: z.string().optional(),
  channel: z.string().max(64).optional(),
  status: z.enum(['waiting', 'delivered', 'dead', 'cancelled']).optional(),
});

export function notificationRoutes(app: App, center: NotificationCenter): void {
  const { notifier } = center;

  app.get(
    base,
    { schema: { summary: 'Channels with their state, and rules', response: answer(notificationsSchema) } },
    async () => toNotifications(await center.overview()),
  );

  app.put(
    `${base}/channels/:name`,
    { schema: { summary: 'Make or replace a channel', params: named, body: channelChangeSchema, response: noContent } },
    async ({ params, body }, reply) => {
      await center.saveChannel(params.name, body);
      return reply.status(204).send(null);
    },
  );

  app.delete(
    `${base}/channels/:name`,
    { schema: { summary: 'Remove a channel', params: named, response: noContent } },
    async ({ params }, reply) => {
      await center.removeChannel(params.name);
      return reply.status(204).send(null);
    },
  );

  app.post(
    `${base}/channels/:name/test`,
    {
      schema: {
        summary: 'Send a test message, past rules and queue',
        params: named,
        response: answer(channelTestSchema),
      },
    },
    ({ params }) => notifier.sendTest(params.name),
  );

  app.put(
    `${base}/rules`,
    { schema: { summary: 'Replace all rules', body: rulesChangeSchema, response: noContent } },
    async ({ body }, reply) => {
      await center.saveRules(body.rules);
      return reply.status(204).send(null);
    },
  );

  app.put(
    `${base}/options`,
    {
      schema: {
        summary: 'Time zone, and machines that may be reached',
        body: notificationOptionsSchema,
        response: noContent,
      },
    },
    async ({ body }, reply) => {
      await center.saveOptions({ timeZone: body.time_zone, lanTargets: body.lan_targets });
      return reply.status(204).send(null);
    },
  );

  app.get(
    `${base}/deliveries`,
    {
      schema: { summary: 'What was sent, newest first', querystring: listQuery, response: answer(deliveryListSchema) },
    },
    async ({ query: { limit, before, channel, status } }) => {
      const place = before === undefined ? undefined : fromCursor(before);
      if (before !== undefined && !place) throw new AppError('invalid_request', { reason: '"before" is no cursor' });
      const found = await notifier.deliveries({ limit: limit + 1, before: place, channel, status });
      const page = found.slice(0, limit);
      const next_before = found.length > limit ? toCursor(page[limit - 1]) : null;
      return { deliveries: page.map(toDelivery), next_before };
    },
  );

  app.post(
    `${base}/deliveries/:id/retry`,
    { schema: { summary: 'Send a dead letter again', params: identified, response: noContent } },
    async ({ params }, reply) => {
      await notifier.retry(params.id);
      return reply.status(204).send(null);
    },
  );

  app.get(
    '/api/v1/alerts/:id/notifications',
    {
      schema: {
        summary: 'Why somebody was, or was not, told of an alert',
        params: identified,
        response: answer(notificationDecisionsSchema),
      },
    },
    async ({ params }) => toDecisions(await notifier.explain(`alert-${params.id}`)),
  );
}
