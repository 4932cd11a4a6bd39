/** Settings of notifications as one schema: channels, rules, and what they share. */
import { z } from 'zod';
import { channelSchema } from '../channels.ts';
import { lanTargetSchema } from '../transport/target-guard.ts';
import { type Rule, ruleSchema } from './rule.ts';

export const timeZoneSchema = z.string().refine(isTimeZone, { error: 'is not a time zone such as Europe/Berlin' });

export const notificationSettingsSchema = z
  .strictObject({
    channels: z.array(channelSchema).max(50).default([]),
    rules: z.array(ruleSchema).max(100).default([]).describe('None: everything from Medium up on every channel.'),
    lanTargets: z.array(lanTargetSchema).max(100).default([]),
    timeZone: timeZoneSchema
      .optional()
      .describe('Clock of quiet hours and digests; the one of this machine unless told.'),
    storm: z
      .strictObject({
        messages: z
          .number()
          .int()
          .min(1)
          .max(1000)
          .default(5)
          .describe('Messages at once on a channel within the window.'),
        windowMinutes: z.number().int().min(1).max(1440).default(10),
      })
      .prefault({}),
  })
  .superRefine(({ channels, rules }, context) => {
    const names = channels.map(({ name }) => name);
    for (const [i, name] of names.entries()) {
      if (names.indexOf(name) === i) continue;
      context.addIssue({ code: 'custom', path: ['channels', i, 'name'], message: `"${name}" is there twice` });
    }
    for (const [i, rule] of rules.entries()) {
      for (const name of unknownChannels(rule, names)) {
        context.addIssue({ code: 'custom', path: ['rules', i], message: `there is no channel "${name}"` });
      }
    }
  });
export type NotificationSettings = z.output<typeof notificationSettingsSchema>;

export const namedChannels = ({ channels, escalate }: Rule): string[] => [
  ...channels,
  ...escalate.flatMap((step) => step.channels),
];

/** Channels that a rule names and that are not among `names`. */
export const unknownChannels = (rule: Rule, names: string[]): string[] =>
  namedChannels(rule).filter((name) => name !== '*' && !names.includes(name));

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
