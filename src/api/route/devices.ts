/** The devices of the network, and the owner's word on them. */
import { z } from 'zod';
import type { App } from '../app.ts';
import {
  deviceChangeSchema,
  deviceListSchema,
  deviceMergeSchema,
  deviceSchema,
  discoverySchema,
  errorSchema,
} from '../contract.ts';
import type { LiveMonitor } from '../port/live-monitor.ts';

const failures = { '4xx': errorSchema, '5xx': errorSchema };
const params = z.object({ mac: z.string() });

export function deviceRoutes(app: App, monitor: LiveMonitor): void {
  app.get(
    '/api/v1/devices',
    {
      schema: {
        summary: 'Devices, and which of them are probably one',
        response: { 200: deviceListSchema, ...failures },
      },
    },
    () => monitor.devices(),
  );
  app.get(
    '/api/v1/devices/:mac',
    { schema: { summary: 'One device', params, response: { 200: deviceSchema, ...failures } } },
    ({ params: { mac } }) => monitor.device(mac.toLowerCase()),
  );
  app.patch(
    '/api/v1/devices/:mac',
    {
      schema: {
        summary: 'Name a device, or choose whether it is monitored',
        params,
        body: deviceChangeSchema,
        response: { 200: deviceSchema, ...failures },
      },
    },
    ({ params: { mac }, body }) => monitor.change(mac.toLowerCase(), body),
  );
  app.delete(
    '/api/v1/devices/:mac',
    {
      schema: {
        summary: 'Forget a device and everything that is known of it',
        params,
        response: { 204: z.null(), ...failures },
      },
    },
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
        response: { 200: deviceSchema, ...failures },
      },
    },
    ({ params: { mac }, body }) => monitor.merge(mac.toLowerCase(), body.into.toLowerCase()),
  );
  app.post(
    '/api/v1/discovery',
    {
      schema: {
        summary: 'Ask every address of the own network who is there',
        response: { 200: discoverySchema, ...failures },
      },
    },
    () => monitor.search(),
  );
}
