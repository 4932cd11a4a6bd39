/** Alerts of the live monitor, the owner's word on them, and what is not to be told. */
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { App } from '../app.ts';
import {
  alertListSchema,
  alertReportSchema,
  alertStatuses,
  expectedSchema,
  expectPreviewSchema,
  expectScopeSchema,
  liveAlertSchema,
  muteListSchema,
  mutePreviewSchema,
  muteSchema,
  newMuteSchema,
  severitySchema,
} from '../contract.ts';
import type { LiveMonitor } from '../port/live-monitor.ts';
import { answer, noContent } from './answer.ts';

const params = z.object({ id: z.string() });
const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** Only older alerts than this id: `next_before` of the page before. */
  before: z.coerce.number().int().positive().optional(),
  /** Link-layer address of a device. */
  device: z.string().max(64).toLowerCase().optional(),
  status: z.enum(alertStatuses).optional(),
  severity: severitySchema.optional(),
});

function alertId(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new AppError('alert_not_found', {});
}

export function alertRoutes(app: App, monitor: LiveMonitor): void {
  app.get(
    '/api/v1/alerts',
    {
      schema: {
        summary: 'Alerts of the live monitor, newest first',
        querystring: listQuery,
        response: answer(alertListSchema),
      },
    },
    ({ query }) => monitor.alerts(query),
  );
  app.get(
    '/api/v1/alerts/:id',
    { schema: { summary: 'One alert with its connections', params, response: answer(alertReportSchema) } },
    ({ params: { id } }) => monitor.alert(alertId(id)),
  );
  app.post(
    '/api/v1/alerts/:id/acknowledge',
    { schema: { summary: 'Somebody looks after it', params, response: answer(liveAlertSchema) } },
    ({ params: { id } }) => monitor.acknowledge(alertId(id)),
  );
  app.post(
    '/api/v1/alerts/:id/reopen',
    { schema: { summary: 'It is open again', params, response: answer(liveAlertSchema) } },
    ({ params: { id } }) => monitor.reopen(alertId(id)),
  );
  app.post(
    '/api/v1/alerts/:id/expected',
    {
      schema: {
        summary: 'This is how it should be: an exception is made, and it is learned',
        params,
        body: expectScopeSchema,
        response: answer(expectedSchema),
      },
    },
    ({ params: { id }, body }) => monitor.expect(alertId(id), body),
  );
  app.post(
    '/api/v1/alerts/:id/expected/preview',
    {
      schema: {
        summary: 'What the exception would cover, and which alerts of the last 30 days it would have hidden',
        params,
        body: expectScopeSchema,
        response: answer(expectPreviewSchema),
      },
    },
    ({ params: { id }, body }) => monitor.previewExpect(alertId(id), body),
  );
  muteRoutes(app, monitor);
}

function muteRoutes(app: App, monitor: LiveMonitor): void {
  app.get(
    '/api/v1/mutes',
    { schema: { summary: 'What is not told, and what that has hidden', response: answer(muteListSchema) } },
    async () => ({ mutes: await monitor.mutes() }),
  );
  app.post(
    '/api/v1/mutes',
    { schema: { summary: 'Do not tell of this', body: newMuteSchema, response: answer(muteSchema) } },
    ({ body }) => monitor.mute(body),
  );
  app.post(
    '/api/v1/mutes/preview',
    {
      schema: {
        summary: 'Which alerts of the last 30 days it would have hidden',
        body: newMuteSchema,
        response: answer(mutePreviewSchema),
      },
    },
    ({ body }) => monitor.previewMute(body),
  );
  app.delete(
    '/api/v1/mutes/:id',
    { schema: { summary: 'Tell of it again', params, response: noContent } },
    async ({ params: { id } }, reply) => {
      await monitor.unmute(id);
      return reply.status(204).send(null);
    },
  );
}
