/** The history of connections: pages, sums and charts. Times in seconds since 1970 UTC. */
import { z } from 'zod';

export const flowSchema = z.object({
  /** Grows with `ts`. */
  id: z.int(),
  ts: z.number(),
  uid: z.string(),
  /** Link-layer address of the device that it is counted for, else its IP address. */
  device: z.string(),
  /** The other end: its address, and what it was called. */
  peer: z.string(),
  name: z.string().nullable(),
  direction: z.enum(['out', 'in']),
  id_orig_h: z.string(),
  id_orig_p: z.int().nullable(),
  id_resp_h: z.string(),
  id_resp_p: z.int().nullable(),
  proto: z.string(),
  service: z.string().nullable(),
  /** JA4 fingerprint of the TLS client. */
  tls: z.string().nullable(),
  duration: z.number().nullable(),
  orig_bytes: z.number().nullable(),
  resp_bytes: z.number().nullable(),
  orig_pkts: z.number().nullable(),
  resp_pkts: z.number().nullable(),
  conn_state: z.string().nullable(),
  history: z.string().nullable(),
  /** How unusual it was: nats above ordinary. */
  score: z.number().nullable(),
  /** It goes on. */
  open: z.boolean(),
  /** The first connection of this device with that end. */
  is_new: z.boolean(),
  /** The alert that lists it. */
  alert: z.int().nullable(),
});
export type Flow = z.infer<typeof flowSchema>;

/**
 * Newest first. `next_before` is the cursor of the next page, null on the last. `note` says in words where a search was
 * cut short: the page is right as far as it goes, and the cursor goes on from there.
 */
export const flowListSchema = z.object({
  flows: z.array(flowSchema),
  next_before: z.int().nullable(),
  note: z.string().nullable(),
});
export type FlowList = z.infer<typeof flowListSchema>;

const totals = { flows: z.number(), sent: z.number(), received: z.number() };
/** Sums of whole hours, of more than three days of whole days; bytes as the device has sent and received them. */
export const flowTopSchema = z.object({
  totals: z.object(totals),
  rows: z.array(z.object({ key: z.string(), ...totals })),
});
export type FlowTop = z.infer<typeof flowTopSchema>;

export const flowChartSchema = z.object({
  /** Seconds of a point. */
  step: z.int(),
  points: z.array(z.object({ ts: z.number(), ...totals })),
});
export type FlowChart = z.infer<typeof flowChartSchema>;
