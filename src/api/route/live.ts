/** GET /api/v1/events: what happens, as it happens. */
import { AppError } from '../../errors.ts';
import { errorSchema, eventSchema } from '../contract.ts';
import type { LiveEvents } from '../http/event-stream.ts';
import type { App } from '../server.ts';

export function liveRoute(app: App, live: LiveEvents, maxClients: number): void {
  app.get(
    '/api/v1/events',
    {
      exposeHeadRoute: false,
      schema: {
        summary: 'Live events (server-sent events; the event name is `type`)',
        response: { 200: { content: { 'text/event-stream': { schema: eventSchema } } }, '5xx': errorSchema },
      },
    },
    async (_request, reply) => {
      if (!live.attach(reply.raw, reply.getHeaders())) throw new AppError('too_many_listeners', { count: maxClients });
      reply.hijack();
    },
  );
}
