/** The devices of the network, and the owner's word on them. */
import { z } from 'zod';
import type { App } from '../app.ts';
import { deviceChangeSchema, deviceListSchema, deviceMergeSchema, deviceSchema, discoverySchema } from '../contract.ts';
import type { LiveMonitor } from '../port/live-monitor.ts';
import { answer, noContent } from './answer.ts';

const params = z.object({ mac: z.string() });

export function deviceRoutes(app: App, monitor: LiveMonitor): void {
  app.get(
    '/api/v1/devices',
    { schema: { summary: 'Devices, and which of them are probably one', response: answer(deviceListSchema) } },
    () => monitor.devices(),
  );
  app.get(
    '/api/v1/devices/:mac',
    { schema: { summary: 'One device', params, response: answer(deviceSchema) } },
    ({ params: { mac } }) => monitor.device(mac.toLowerCase()),
  );
  app.patch(
    '/api/v1/devices/:mac',
    {
      schema: {
        summary: 'Name a device, or choose whether it is monitored',
        params,
        body: deviceChangeSchema,
        response: answer(deviceSchema),
      },
    },
    ({ params: { mac }, body }) => monitor.change(mac.toLowerCase(), body),
  );
  app.delete(
    '/api/v1/devices/:mac',
    { schema: { summary: 'Forget a device and everything that is known of it', params, response: noContent } },
    async ({ params: { mac } }, reply) => {
      await monitor.forget(mac.toLowerCase());
      return reply.status(204).send(null);
    },
  );
  app.post(
    '/api/v1/devices/:mac/merge',
    {
      schema: {
        summary: 'Make an entry part of another: both are one device',
        params,
        body: deviceMergeSchema,
        response: answer(deviceSchema),
      },
    },
    ({ params: { mac }, body }) => monitor.merge(mac.toLowerCase(), body.into.toLowerCase()),
  );
  app.post(
    '/api/v1/discovery',
    { schema: { summary: 'Ask every address of the own network who is there', response: answer(discoverySchema) } },
    () => monitor.search(),
  );
}
