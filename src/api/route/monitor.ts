/** The live monitor: its state, its traffic, and what it watches. */
import { z } from 'zod';
import type { App } from '../app.ts';
import { interfaceListSchema, monitorSchema, monitorStartSchema, trafficSchema } from '../contract.ts';
import type { LiveMonitor } from '../port/live-monitor.ts';
import { answer } from './answer.ts';

/** A year. */
const MOST_MINUTES = 366 * 1440;

const trafficQuery = z.strictObject({
  minutes: z.coerce.number().int().min(1).max(MOST_MINUTES).default(60),
  /** Link-layer address of a device; the whole network where it is missing. */
  device: z.string().max(64).optional(),
  /** Seconds since 1970 UTC; now where it is missing. */
  until: z.coerce.number().min(0).max(1e11).optional(),
});

export function monitorRoutes(app: App, monitor: LiveMonitor): void {
  app.get(
    '/api/v1/monitor',
    { schema: { summary: 'State of the live monitor', response: answer(monitorSchema) } },
    () => monitor.status(),
  );
  app.get(
    '/api/v1/monitor/traffic',
    {
      schema: {
        summary: 'Traffic by the minute, in longer stretches for more than a day',
        querystring: trafficQuery,
        response: answer(trafficSchema),
      },
    },
    ({ query }) => monitor.traffic(query),
  );
  app.get(
    '/api/v1/interfaces',
    { schema: { summary: 'Interfaces that can be watched', response: answer(interfaceListSchema) } },
    async () => monitor.interfaces(),
  );
  app.post(
    '/api/v1/monitor/start',
    { schema: { summary: 'Watch an interface', body: monitorStartSchema, response: answer(monitorSchema) } },
    ({ body }) => monitor.start(body.interface),
  );
  app.post('/api/v1/monitor/stop', { schema: { summary: 'Watch nothing', response: answer(monitorSchema) } }, () =>
    monitor.stop(),
  );
}
