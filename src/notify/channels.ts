/** Every kind of channel: a new one is its file and a line here. */
import { z } from 'zod';
import { apprise } from './channel/apprise.ts';
import type { Channel, ChannelDefinition, ChannelTools } from './channel/define-channel.ts';
import { email } from './channel/email.ts';
import { incomingHook } from './channel/incoming-hook.ts';
import { mqtt } from './channel/mqtt.ts';
import { ntfy } from './channel/ntfy.ts';
import { telegram } from './channel/telegram.ts';
import { webhook } from './channel/webhook.ts';

export const channelDefinitions = [email, webhook, mqtt, ntfy, telegram, incomingHook, apprise] as const;

/** What every channel has besides its own settings. */
export const commonSettings = {
  name: z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u, {
      error: 'may have letters, digits, blanks, dots and dashes, 64 at most, a letter or digit first',
    })
    .describe('Name of the channel, as rules say it.'),
  enabled: z.boolean().default(true),
  title: z
    .string()
    .max(200)
    .optional()
    .meta({ title: 'Title of alerts' })
    .describe('Template of the title (of a mail: the subject) of an alert.'),
  text: z
    .string()
    .max(4000)
    .optional()
    .meta({ title: 'Text of alerts', long: true })
    .describe('Template of the text of an alert.'),
};
type Common = z.output<z.ZodObject<typeof commonSettings>>;

type Configured<D> =
  D extends ChannelDefinition<infer Kind, infer Settings> ? z.output<Settings> & { kind: Kind } & Common : never;
/** Settings of one channel, its kind telling which. */
export type ChannelConfig = Configured<(typeof channelDefinitions)[number]>;

const variants = channelDefinitions.map(({ kind, settings }) =>
  (settings as z.ZodObject).safeExtend({ kind: z.literal(kind), ...commonSettings }),
);
export const channelSchema = z.discriminatedUnion(
  'kind',
  variants as unknown as [z.core.$ZodTypeDiscriminable],
) as unknown as z.ZodType<ChannelConfig>;

export function createChannel(
  { kind, name, enabled, title, text, ...settings }: ChannelConfig,
  tools: ChannelTools,
): Channel {
  const definition = channelDefinitions.find((one) => one.kind === kind)!;
  // A definition only ever meets settings of its own kind, which the union cannot say.
  return (definition as unknown as ChannelDefinition<string, z.ZodObject>).create(settings, tools);
}

/** Names of the settings of a kind that hold secrets; none for a kind that does not exist. */
export function secretSettings(kind: string): string[] {
  const definition = channelDefinitions.find((one) => one.kind === kind);
  return Object.entries((definition?.settings as z.ZodObject | undefined)?.shape ?? {})
    .filter(([, field]) => {
      const inner = field instanceof z.ZodOptional ? field.unwrap() : field;
      return (inner as z.ZodType).meta()?.secret === true;
    })
    .map(([name]) => name);
}
