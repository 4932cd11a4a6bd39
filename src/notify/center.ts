/**
 * Notifications as an owner meets them: the notifier, and the settings that a page reads and changes while it runs.
 * What is set in guardian.yaml or the environment is shown but not changed; the rest is kept by the store.
 */
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type ChannelRecord, readChannelRecord } from './channel-record.ts';
import { type ChannelConfig, channelSchema } from './channels.ts';
import { createChannelMemory } from './delivery/channel-history.ts';
import type { Attempt } from './delivery/delivery.ts';
import type { DeliveryRecord } from './delivery/delivery-log.ts';
import type { Outbox } from './delivery/outbox.ts';
import { createAlarm } from './failure-notice.ts';
import type { Message } from './message/message.ts';
import { type ChannelStatus, createNotifier, type Notifier } from './notifier.ts';
import type { EmailSettings } from './scan-mail.ts';
import {
  type Combined,
  combine,
  MAX_CHANNELS,
  type Origin,
  type SavedSettings,
  savedSettingsSchema,
} from './settings/effective.ts';
import { InvalidFields, parseFields } from './settings/invalid-fields.ts';
import { type Rule, ruleSchema } from './settings/rule.ts';
import { type HiddenChannel, hideSecrets, sealChannel } from './settings/secret-field.ts';
import type { SettingStore } from './settings/setting-store.ts';
import { type NotificationSettings, namedChannels, timeZoneSchema, unknownChannels } from './settings/settings.ts';
import type { Secrets } from './transport/secret.ts';
import { lanTargetSchema } from './transport/target-guard.ts';
import type { Timers } from './transport/timers.ts';

export interface CenterOptions {
  /** Of guardian.yaml. */
  file: NotificationSettings;
  /** Of the published environment names. */
  mail: EmailSettings | null;
  saved: SettingStore;
  outbox: Outbox;
  secrets: Secrets;
  clock: Clock;
  log: Log;
  /** The port on which Guardian listens. */
  ownPort: number | null;
  version: string;
  timers?: Timers;
  /** A delivery has left, failed or ended, perhaps before the centre is there; `recipients` are those of a mail. */
  onDelivery?: (delivery: DeliveryRecord, recipients: string[]) => void;
}

export interface ShownChannel extends ChannelStatus, ChannelRecord {
  from: Origin;
  /** Without its secrets. */
  settings: HiddenChannel;
}

export interface Overview extends Pick<Combined, 'rules' | 'rulesFrom' | 'timeZone' | 'timeZoneFrom'> {
  channels: ShownChannel[];
  lanTargets: { page: string[]; file: string[] };
  storm: NotificationSettings['storm'];
}

/**
 * Everything that changes something rejects with InvalidFields where a field is wrong, and with what the store rejects
 * with; nothing has changed then.
 */
export interface NotificationCenter {
  readonly notifier: Notifier;
  /** Name of the channel of the published mail account, where it is there. */
  publishedMail(): string | null;
  /** Keeps in the log what the published mail account has sent, or failed to, after an upload. */
  recordMail(message: Message, attempt: Attempt): Promise<void>;
  isMail(channel: string): boolean;
  overview(): Promise<Overview>;
  /** Makes a channel or replaces its settings. Rejects with AppError `channel_not_here` where they stand elsewhere. */
  saveChannel(name: string, input: Record<string, unknown>): Promise<void>;
  /** Rejects with AppError `channel_not_found`, `channel_not_here` or `channel_in_use`. */
  removeChannel(name: string): Promise<void>;
  /** Rejects with AppError `rules_not_here`. */
  saveRules(rules: unknown[]): Promise<void>;
  saveOptions(options: { timeZone: string | null; lanTargets: string[] }): Promise<void>;
  stop(): Promise<void>;
}

const NAME = 'notifications';
const places: Record<Origin, string> = {
  page: 'the settings page',
  file: 'guardian.yaml',
  environment: 'the environment (MAIL_USER, MAIL_PASS, ALERT_EMAIL)',
};

/** Resolves once messages can leave. */
export async function createNotificationCenter(options: CenterOptions): Promise<NotificationCenter> {
  const { file, mail, saved: store, secrets, outbox, log, clock } = options;
  let saved = await readSaved(store, log);
  let current = combine(file, mail, saved);
  const memory = await createChannelMemory(store, clock, log);
  await memory.update(current.channels);
  const alarm = createAlarm(clock, memory);
  const recipientsOf = (channel: string): string[] => {
    const config = current.channels.find(({ name }) => name === channel);
    return config?.kind === 'email' ? config.to : [];
  };
  const notifier = createNotifier({
    ...current,
    ...{ outbox, clock, log, secrets, ownPort: options.ownPort, version: options.version, timers: options.timers },
    storm: { messages: file.storm.messages, windowMs: file.storm.windowMinutes * 60_000 },
    onDelivery(delivery) {
      options.onDelivery?.(delivery, recipientsOf(delivery.channel));
      alarm(notifier, delivery);
    },
  });
  await notifier.start();

  let last: Promise<void> = Promise.resolve();
  /** One change after the other: each sees what the one before has made. */
  function change(make: () => SavedSettings): Promise<void> {
    const next = last.then(async () => {
      const changed = make();
      await store.write(NAME, JSON.stringify(changed));
      saved = changed;
      current = combine(file, mail, saved);
      await notifier.configure(current);
      // Afterwards: by then nothing is on its way with the settings of before.
      await memory.update(current.channels);
    });
    last = next.catch(() => {});
    return next;
  }

  /** Throws where the channel stands somewhere else than on the page. */
  function requireOwn(name: string): void {
    const origin = current.originOf(name);
    if (origin === null || origin === 'page') return;
    throw new AppError('channel_not_here', { name, origin: places[origin] });
  }

  return {
    notifier,

    publishedMail: () => current.publishedMail,

    recordMail: (message, attempt) => notifier.record(current.accountName, message, attempt),

    isMail: (channel) => recipientsOf(channel).length > 0,

    async overview() {
      const { rules, rulesFrom, timeZone, timeZoneFrom } = current;
      const channels = current.channels.map(async (config) => {
        const { name } = config;
        const record = await readChannelRecord(notifier, name, memory.since(name));
        const status = notifier.status().find((one) => one.name === name);
        if (!status) return [];
        // Over restarts: the notifier itself knows since when it fails in this run.
        const since = memory.failingSince(name) ?? status.failing?.since;
        const failing = status.failing && { ...status.failing, since: since! };
        const from = current.originOf(name) ?? 'page';
        return [{ ...status, ...record, failing, from, settings: hideSecrets(config) }];
      });
      return {
        channels: (await Promise.all(channels)).flat(),
        ...{ rules, rulesFrom, timeZone, timeZoneFrom },
        lanTargets: { page: saved.lanTargets, file: file.lanTargets },
        storm: file.storm,
      };
    },

    saveChannel: (name, input) =>
      change(() => {
        requireOwn(name);
        const previous = saved.channels.find((one) => one.name === name);
        const config = parseChannel({ ...input, name }, previous, secrets);
        if (previous) return { ...saved, channels: saved.channels.map((one) => (one === previous ? config : one)) };
        if (current.channels.length >= MAX_CHANNELS) {
          throw new InvalidFields([{ field: 'name', problem: `would be more than ${MAX_CHANNELS} channels` }]);
        }
        return { ...saved, channels: [...saved.channels, config] };
      }),

    removeChannel: (name) =>
      change(() => {
        requireOwn(name);
        const channels = saved.channels.filter((one) => one.name !== name);
        if (channels.length === saved.channels.length) {
          const known = current.channels.map((one) => one.name).join(', ') || 'none';
          throw new AppError('channel_not_found', { name, known });
        }
        const rule = current.rules.find((one) => namedChannels(one).includes(name));
        if (rule) throw new AppError('channel_in_use', { name, rule: rule.name });
        return { ...saved, channels };
      }),

    saveRules: (input) =>
      change(() => {
        if (current.rulesFrom === 'file') throw new AppError('rules_not_here', {});
        const names = current.channels.map(({ name }) => name);
        return { ...saved, rules: parseRules(input, names) };
      }),

    saveOptions: ({ timeZone, lanTargets }) =>
      change(() => ({
        ...saved,
        timeZone: timeZone === null ? undefined : parseFields(timeZoneSchema, timeZone, ['time_zone']),
        lanTargets: lanTargets.map((one, i) => parseFields(lanTargetSchema, one, ['lan_targets', String(i)])),
      })),

    stop: () => notifier.stop(),
  };
}

/** What cannot be used (a later version has written it) is put aside: the next change would overwrite it. */
async function readSaved(store: SettingStore, log: Log): Promise<SavedSettings> {
  const text = (await store.read(NAME)) ?? '{}';
  try {
    return savedSettingsSchema.parse(JSON.parse(text));
  } catch (error) {
    log.error({ err: error }, 'The notification settings of the page cannot be used and were put aside');
    await store.write(`${NAME}.unusable`, text);
    return savedSettingsSchema.parse({});
  }
}

function parseChannel(
  input: Record<string, unknown>,
  previous: ChannelConfig | undefined,
  secrets: Secrets,
): ChannelConfig {
  try {
    return parseFields(channelSchema, sealChannel(input, previous, secrets));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'bad_setting') throw error;
    const { name, reason } = error.parameters as { name: string; reason: string };
    throw new InvalidFields([{ field: name, problem: reason }]);
  }
}

function parseRules(input: unknown[], channels: string[]): Rule[] {
  return input.map((one, i) => {
    const path = ['rules', String(i)];
    const rule = parseFields(ruleSchema, one, path);
    const [unknown] = unknownChannels(rule, channels);
    if (unknown === undefined) return rule;
    throw new InvalidFields([
      { field: [...path, 'channels'].join('.'), problem: `names "${unknown}", which is no channel` },
    ]);
  });
}
