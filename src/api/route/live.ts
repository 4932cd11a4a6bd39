/** GET /api/v1/events: what happens, as it happens. */
import type { Accounts } from '../../account/accounts.ts';
import { allows } from '../../account/identity.ts';
import { AppError } from '../../errors.ts';
import { identify } from '../access/guard.ts';
import type { App } from '../app.ts';
import { errorSchema, eventSchema } from '../contract.ts';
import type { LiveEvents } from '../http/event-stream.ts';

export function liveRoute(app: App, live: LiveEvents, maxClients: number, accounts?: Accounts): void {
  accounts?.onChange(() => live.recheck());
  app.get(
    '/api/v1/events',
    {
      exposeHeadRoute: false,
      schema: {
        summary: 'Live events (server-sent events; the event name is `type`)',
        response: { 200: { content: { 'text/event-stream': { schema: eventSchema } } }, '5xx': errorSchema },
      },
    },
    async (request, reply) => {
      // Whoever signs out, or loses the right to read, hears no more.
      const mayStay =
        accounts &&
        (async () => {
          const identity = await identify(accounts, request);
          return identity !== null && allows(identity, 'read');
        });
      if (!live.attach(reply.raw, reply.getHeaders(), mayStay))
        throw new AppError('too_many_listeners', { count: maxClients });
      reply.hijack();
    },
  );
}
