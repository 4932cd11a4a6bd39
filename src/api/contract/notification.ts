/**
 * Notifications: channels, rules, deliveries. Settings have the names of guardian.yaml; times are seconds since
 * 1970 UTC. Secrets are written once and never shown again.
 */
import { z } from 'zod';
import { outcomes } from '../../notify/delivery/decision.ts';
import { fieldTypes } from '../../notify/settings/form.ts';
import { ruleSchema } from '../../notify/settings/rule.ts';
import { severitySchema } from './severity.ts';

/** What a secret looks like from outside: where it is kept. Sent back as it is, it stays. */
export const hiddenSecretSchema = z.object({ set: z.literal(true), from: z.enum(['environment', 'file', 'store']) });
export type HiddenSecret = z.infer<typeof hiddenSecretSchema>;

const channelFailureSchema = z.object({ code: z.string(), message: z.string(), hint: z.string() });

export const notificationChannelSchema = z.object({
  name: z.string(),
  kind: z.string(),
  /** Where it stands: only what was set on the page can be changed there. */
  from: z.enum(['page', 'file', 'environment']),
  enabled: z.boolean(),
  /** As in guardian.yaml, a secret as `hiddenSecretSchema`. */
  settings: z.record(z.string(), z.unknown()),
  /** Messages that wait for it to take them, and alerts that wait to be told together. */
  waiting: z.int(),
  held: z.int(),
  /** Since when the attempt that is under way waits for the receiver. */
  sending_since: z.number().nullable(),
  /** Null while it works. */
  failing: channelFailureSchema.extend({ since: z.number(), next_attempt: z.number() }).nullable(),
  /** When it took a message the last time with the settings that it has, as far as the log goes back. */
  last_delivered: z.number().nullable(),
  /** The latest message, a test or another, where the channel did not take it; null once it has taken one since. */
  last_failed: channelFailureSchema.extend({ ts: z.number(), test: z.boolean() }).nullable(),
});
export type NotificationChannel = z.infer<typeof notificationChannelSchema>;

/** What a form asks for a kind of channel. */
export const channelFormSchema = z.object({
  kind: z.string(),
  label: z.string(),
  fields: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      description: z.string(),
      type: z.enum(fieldTypes),
      choices: z.array(z.string()),
      default: z.union([z.string(), z.number(), z.boolean()]).nullable(),
      required: z.boolean(),
      /** Has a good default, or is for the few. */
      rare: z.boolean(),
    }),
  ),
});
export type ChannelForm = z.infer<typeof channelFormSchema>;

export const notificationRuleSchema = ruleSchema;
export type NotificationRule = z.infer<typeof notificationRuleSchema>;

export const notificationsSchema = z.object({
  channels: z.array(notificationChannelSchema),
  /** Without rules everything from Medium up goes to every channel. Those of a file cannot be changed on the page. */
  rules: z.array(notificationRuleSchema),
  rules_from: z.enum(['page', 'file']),
  time_zone: z.object({ name: z.string(), from: z.enum(['page', 'file', 'machine']) }),
  /** Machines of the own network that channels over HTTP may reach: those of the page, and of guardian.yaml. */
  lan_targets: z.object({ page: z.array(z.string()), file: z.array(z.string()) }),
  /** Messages that leave a channel at once within the window; the rest is told together. */
  storm: z.object({ messages: z.int(), window_minutes: z.int() }),
  forms: z.array(channelFormSchema),
});
export type Notifications = z.infer<typeof notificationsSchema>;

/** Settings of one channel as in guardian.yaml. A secret is a text, or what stood there to keep it. */
export const channelChangeSchema = z.looseObject({ kind: z.string() });
export type ChannelChange = z.infer<typeof channelChangeSchema>;

/** All rules, each as in guardian.yaml. */
export const rulesChangeSchema = z.strictObject({ rules: z.array(z.unknown()) });

export const notificationOptionsSchema = z.strictObject({
  /** Null for the one of the machine. */
  time_zone: z.string().max(100).nullable(),
  lan_targets: z.array(z.string()),
});
export type NotificationOptions = z.infer<typeof notificationOptionsSchema>;

export const channelTestSchema = z.object({
  ok: z.boolean(),
  seconds: z.number(),
  error: channelFailureSchema.nullable(),
});
export type ChannelTest = z.infer<typeof channelTestSchema>;

export const deliverySchema = z.object({
  id: z.string(),
  channel: z.string(),
  type: z.enum(['alert', 'escalation', 'summary', 'scan', 'test']),
  status: z.enum(['waiting', 'delivered', 'dead', 'cancelled']),
  severity: severitySchema,
  title: z.string(),
  /** The live alert, or the scan, that it tells of; null where it is about neither or about several. */
  alert: z.int().nullable(),
  scan: z.int().nullable(),
  created: z.number(),
  /** Next attempt; null once it has ended. */
  due: z.number().nullable(),
  ended: z.number().nullable(),
  attempts: z.int(),
  /** The latest attempts, oldest first; the last may say why it ended without one: "replaced" by a newer message. */
  log: z.array(z.object({ ts: z.number(), seconds: z.number(), error: channelFailureSchema.nullable() })),
});
export type NotificationDelivery = z.infer<typeof deliverySchema>;

/** Newest first; `next_before` is the cursor of the next page, null on the last. */
export const deliveryListSchema = z.object({ deliveries: z.array(deliverySchema), next_before: z.string().nullable() });
export type DeliveryList = z.infer<typeof deliveryListSchema>;

/** Why somebody was, or was not, told of an alert; oldest first. */
export const notificationDecisionsSchema = z.object({
  decisions: z.array(
    z.object({
      ts: z.number(),
      /** Null where it is about no channel or rule in particular. */
      channel: z.string().nullable(),
      rule: z.string().nullable(),
      outcome: z.enum(outcomes),
      /** A sentence. */
      reason: z.string(),
      delivery: deliverySchema.nullable(),
    }),
  ),
});
export type NotificationDecisions = z.infer<typeof notificationDecisionsSchema>;
