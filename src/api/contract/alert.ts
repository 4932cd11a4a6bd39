/** Alerts: those of a scan, and those of the live monitor with what the owner has said of them. */

import { z } from 'zod';
import { alertKinds } from '../../alert/alert.ts';
import { factUnits } from '../../alert/fact.ts';
import { alertStatuses } from '../../alert/status.ts';
import { severitySchema } from './severity.ts';

/** A number behind the sentence: label, value, unit (bytes, seconds, seconds since 1970 UTC), and as people read it. */
export const factSchema = z.object({
  name: z.string(),
  value: z.union([z.number(), z.string()]),
  unit: z.enum(factUnits).nullable(),
  text: z.string(),
});
export type Fact = z.infer<typeof factSchema>;

export const alertSchema = z.object({
  kind: z.enum(alertKinds),
  severity: severitySchema,
  /** 0 to 1. */
  confidence: z.number(),
  device: z.string(),
  address: z.string(),
  /** Seconds since 1970 UTC. */
  ts: z.number(),
  end_ts: z.number(),
  /** The same in ISO 8601, UTC; missing where the records have no time, and in what an older Guardian kept. */
  time: z.string().optional(),
  end_time: z.string().optional(),
  sentence: z.string(),
  meaning: z.string(),
  advice: z.array(z.string()),
  detector: z.string(),
  evidence: z.record(z.string(), z.union([z.number(), z.string()])),
  /** The same numbers as labelled rows, the most telling first; what was kept by an older Guardian has none. */
  facts: z.array(factSchema).optional(),
  uids: z.array(z.string()),
  flows: z.int(),
});
export type Alert = z.infer<typeof alertSchema>;

/** open: nobody has looked yet; acknowledged: somebody looks after it; expected: the owner wants it so. */
export { alertStatuses };

/** An alert of the live monitor: one episode, kept up to date while it lasts. */
export const liveAlertSchema = alertSchema.extend({
  /** Grows with every alert. */
  id: z.int(),
  status: z.enum(alertStatuses),
  /** Link-layer address of the device, where it is in the inventory. */
  mac: z.string().nullable(),
  /** When it was raised, and when it said more the last time. */
  raised_ts: z.number(),
  updated_ts: z.number(),
  /** IP addresses that take part, the device's first. */
  hosts: z.array(z.string()),
  facts: z.array(factSchema),
});
export type LiveAlert = z.infer<typeof liveAlertSchema>;

/** Newest first; `next_before` is the cursor of the next page, null on the last. */
export const alertListSchema = z.object({ alerts: z.array(liveAlertSchema), next_before: z.int().nullable() });
export type AlertList = z.infer<typeof alertListSchema>;

/** A connection of an alert, as Zeek's conn.log names its columns. */
export const alertFlowSchema = z.object({
  uid: z.string(),
  ts: z.number().nullable(),
  id_orig_h: z.string(),
  id_orig_p: z.int(),
  id_resp_h: z.string(),
  id_resp_p: z.int(),
  proto: z.string(),
  service: z.string().nullable(),
  duration: z.number().nullable(),
  orig_bytes: z.number().nullable(),
  resp_bytes: z.number().nullable(),
  conn_state: z.string(),
  history: z.string().nullable(),
  orig_pkts: z.number(),
  resp_pkts: z.number(),
  /** The port of the other end with what is usual there: "telnet (port 23)"; null where there are no ports. */
  resp_port_text: z.string().nullable(),
});
export type AlertFlow = z.infer<typeof alertFlowSchema>;

/** One alert with its connections, at most 100 of them, oldest first. */
export const alertReportSchema = liveAlertSchema.extend({ connections: z.array(alertFlowSchema) });
export type AlertReport = z.infer<typeof alertReportSchema>;

/** What "This is expected" has done. Said again of the same alert, it changes nothing and answers the same. */
export const expectedSchema = z.object({
  alert: liveAlertSchema,
  /** Id of the exception: deleting the mute takes all of it back, also what was learned and the state of the alert. */
  mute: z.string(),
  /** What was learned: packets, connections and stretches of time. */
  points: z.int(),
  /**
   * How often a week what Guardian has learned holds an hour as unusual as this one, before and now: an alert is for what
   * comes less often than `false_alarms_per_week`. Null where a rule raised the alert, which does not ask how usual an
   * hour is, and where the hour was learned already.
   */
  usual_per_week: z.object({ before: z.number(), after: z.number() }).nullable(),
});
export type Expected = z.infer<typeof expectedSchema>;

/** How far "This is expected" goes; empty: towards the other end of this alert, for good. */
export const expectScopeSchema = z.strictObject({
  /** Towards any other end as well. */
  anywhere: z.boolean().optional(),
  /** Seconds since 1970 UTC; for good where it is missing. */
  until: z.number().optional(),
});
export type ExpectScope = z.infer<typeof expectScopeSchema>;

/** What "This is expected" would cover, and what of the last 30 days it would have hidden. */
export const expectPreviewSchema = z.object({
  /** Link-layer address of the device, or its IP address where no other is known. */
  device: z.string(),
  kind: z.enum(alertKinds),
  /** Address of the other end; null for any. */
  destination: z.string().nullable(),
  until: z.number().nullable(),
  /** What is worse is told all the same, and what goes more than `times` as far as now. */
  severity: severitySchema,
  times: z.number(),
  count: z.int(),
  alerts: z.array(liveAlertSchema),
});
export type ExpectPreview = z.infer<typeof expectPreviewSchema>;

const muteScope = {
  /** Address of the device; any where it is missing. */
  device: z.string().max(64).optional(),
  kind: z.enum(alertKinds).optional(),
  /** Address of the other end. */
  destination: z.string().max(64).optional(),
  /** Seconds since 1970 UTC; for good where it is missing. */
  until: z.number().optional(),
};
/** At least one of device, kind and destination. */
export const newMuteSchema = z
  .strictObject(muteScope)
  .refine(({ device, kind, destination }) => device ?? kind ?? destination, {
    error: 'name a device, a kind or a destination',
  });
export type NewMute = z.infer<typeof newMuteSchema>;

export const muteSchema = z.object({
  id: z.string(),
  ...muteScope,
  /** Of "expected": the alert that it was said of. */
  alert: z.int().optional(),
  reason: z.enum(['expected', 'muted']),
  /** What it has hidden so far, and the newest of it. */
  hidden: z.object({ count: z.int(), alerts: z.array(alertSchema) }),
});
export type Mute = z.infer<typeof muteSchema>;
export const muteListSchema = z.object({ mutes: z.array(muteSchema) });

/** Which alerts of the last 30 days a mute would have hidden. */
export const mutePreviewSchema = z.object({ count: z.int(), alerts: z.array(liveAlertSchema) });
export type MutePreview = z.infer<typeof mutePreviewSchema>;
