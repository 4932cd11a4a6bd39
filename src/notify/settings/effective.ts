/** The settings that rule: those of guardian.yaml, the published mail account of the environment, and the page's. */
import { z } from 'zod';
import { type ChannelConfig, channelSchema } from '../channels.ts';
import type { EmailSettings } from '../scan-mail.ts';
import { keptLanTargetSchema } from '../transport/target-guard.ts';
import { machineTimeZone, type NotifierSettings } from './notifier-settings.ts';
import { ruleSchema } from './rule.ts';
import { type NotificationSettings, timeZoneSchema } from './settings.ts';

export const MAX_CHANNELS = 50;

/** What the page has set, as the store keeps it. */
export const savedSettingsSchema = z.strictObject({
  channels: z.array(channelSchema).max(MAX_CHANNELS).default([]),
  rules: z.array(ruleSchema).max(100).default([]),
  lanTargets: z.array(keptLanTargetSchema).max(100).default([]),
  timeZone: timeZoneSchema.optional(),
});
export type SavedSettings = z.output<typeof savedSettingsSchema>;

export type Origin = 'page' | 'file' | 'environment';

export interface Combined extends Required<NotifierSettings> {
  channels: ChannelConfig[];
  originOf(channel: string): Origin | null;
  /** Name of the channel of the published mail account, where it is there. */
  publishedMail: string | null;
  /** Name under which the published mail account stands in the log, also where it is no channel. */
  accountName: string;
  rulesFrom: 'page' | 'file';
  timeZoneFrom: 'page' | 'file' | 'machine';
}

export function combine(file: NotificationSettings, mail: EmailSettings | null, page: SavedSettings): Combined {
  const fixed = file.channels.map(({ name }) => name);
  const own = page.channels.filter(({ name }) => !fixed.includes(name));
  const set = [...file.channels, ...own];
  // Whoever sets a mail channel up has said how mails are to leave: a second one would send everything twice.
  const account = mail && !set.some(({ kind }) => kind === 'email');
  const accountName = set.some(({ name }) => name === 'E-mail') ? 'E-mail account' : 'E-mail';
  // The channel that the published MAIL_USER, MAIL_PASS and ALERT_EMAIL make.
  const published: ChannelConfig | null = account ? { ...mail, kind: 'email', name: accountName, enabled: true } : null;
  const timeZone = file.timeZone ?? page.timeZone;
  const rulesFrom = file.rules.length > 0 ? 'file' : 'page';
  return {
    channels: published ? [published, ...set] : set,
    originOf(channel) {
      if (fixed.includes(channel)) return 'file';
      if (channel === published?.name) return 'environment';
      return own.some(({ name }) => name === channel) ? 'page' : null;
    },
    publishedMail: published?.name ?? null,
    accountName,
    rules: rulesFrom === 'file' ? file.rules : page.rules,
    rulesFrom,
    lanTargets: [...new Set([...file.lanTargets, ...page.lanTargets])],
    timeZone: timeZone ?? machineTimeZone(),
    timeZoneFrom: file.timeZone ? 'file' : page.timeZone ? 'page' : 'machine',
  };
}
