/** What a live client is told, as it happens (server-sent events; the name of an event is its `type`). */
import { z } from 'zod';
import { liveAlertSchema } from './alert.ts';
import { deviceSchema } from './device.ts';
import { gapSchema, monitorStates, trafficPointSchema } from './monitor.ts';

/** Of one upload. */
const scanEvent = {
  /** The `X-Request-Id` of the upload. */
  request_id: z.string(),
  file: z.string(),
};

export const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('scan.started'), ...scanEvent }),
  z.object({ type: z.literal('scan.progress'), ...scanEvent, fraction: z.number().min(0).max(1) }),
  z.object({
    type: z.literal('scan.finished'),
    ...scanEvent,
    scan_id: z.int(),
    anomalies_count: z.int(),
    total_samples: z.int(),
  }),
  z.object({ type: z.literal('scan.failed'), ...scanEvent, code: z.string() }),
  z.object({
    type: z.literal('monitor.state'),
    state: z.enum(monitorStates),
    reason: z.string().nullable(),
    since: z.number(),
  }),
  z.object({ type: z.literal('monitor.gap'), gap: gapSchema }),
  /** Once a second while something is watched: the whole network, and the devices that spoke. */
  z.object({
    type: z.literal('monitor.traffic'),
    ...trafficPointSchema.shape,
    dropped: z.number(),
    devices: z.array(trafficPointSchema.omit({ ts: true }).extend({ mac: z.string() })),
  }),
  z.object({ type: z.literal('alert.raised'), alert: liveAlertSchema }),
  /** It says more, or the owner has said something about it. */
  z.object({ type: z.literal('alert.updated'), alert: liveAlertSchema }),
  z.object({ type: z.literal('device.found'), device: deviceSchema }),
  z.object({ type: z.literal('device.changed'), device: deviceSchema }),
  z.object({ type: z.literal('device.forgotten'), mac: z.string() }),
]);
export type LiveEvent = z.infer<typeof eventSchema>;
