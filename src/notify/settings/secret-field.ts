/**
 * Secrets of channels on their way in and out of pages: written once, sealed at once, never shown again. Only the
 * owner's configuration file may say "environment" or "file": over the network that would read any file aloud.
 */
import { AppError } from '../../errors.ts';
import { type ChannelConfig, secretSettings } from '../channels.ts';
import { plainLine } from '../transport/plain-text.ts';
import { type SecretRef, type Secrets, secretSchema } from '../transport/secret.ts';

/** What a page shows of a secret. */
export interface HiddenSecret {
  set: true;
  from: 'environment' | 'file' | 'store';
}

export type HiddenChannel = Record<string, unknown> & Pick<ChannelConfig, 'kind' | 'name' | 'enabled'>;

/** Where the secrets of a channel go: with another one of these they would go to somebody else. */
const receiverFields = ['kind', 'url', 'server', 'port', 'security'];

const originOf = (ref: SecretRef): HiddenSecret['from'] =>
  'sealed' in ref ? 'store' : 'env' in ref ? 'environment' : 'file';

/** The settings with every secret replaced by where it is kept. */
export function hideSecrets(config: ChannelConfig): HiddenChannel {
  const hidden: HiddenChannel = { ...config };
  for (const name of secretSettings(config.kind)) {
    const ref = hidden[name] as SecretRef | undefined;
    if (ref) hidden[name] = { set: true, from: originOf(ref) } satisfies HiddenSecret;
  }
  return hidden;
}

/**
 * Settings as a page sent them, ready to be parsed by `channelSchema`: a text in a secret field is sealed, a
 * `HiddenSecret` that came back keeps what `previous` has there, as long as it goes to the same receiver. Throws AppError
 * `bad_setting` for anything else.
 */
export function sealChannel(
  input: Record<string, unknown>,
  previous: ChannelConfig | undefined,
  secrets: Secrets,
): Record<string, unknown> {
  const sealed = { ...input };
  // An unknown kind has no secrets; `channelSchema` says what is wrong with it.
  const secretNames = secretSettings(String(input.kind));
  const before = (previous ?? {}) as Record<string, unknown>;
  const sameReceiver =
    previous !== undefined &&
    receiverFields.every((field) => secretNames.includes(field) || input[field] === before[field]);
  for (const name of secretNames) {
    const value = input[name];
    if (value === undefined || value === null || value === '') delete sealed[name];
    else if (typeof value === 'string') sealed[name] = secrets.seal(value);
    else {
      const kept = secretSchema.safeParse(before[name]);
      if ((value as Partial<HiddenSecret>).set !== true || !sameReceiver || !kept.success) {
        const where = plainLine(String(input.name), 64);
        const reason = sameReceiver ? 'a secret is written as text' : 'the receiver is another: enter it again';
        throw new AppError('bad_setting', { name, where, value: '…', reason, expected: 'Write the secret itself.' });
      }
      sealed[name] = kept.data;
    }
  }
  return sealed;
}
