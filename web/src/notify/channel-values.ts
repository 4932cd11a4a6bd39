/** The settings of a channel as a form holds them, and back. */
import type { ChannelChange, ChannelForm, HiddenSecret, NotificationChannel } from '../../../src/api/contract.ts';
import type { FieldValue } from './field.tsx';

type FormField = ChannelForm['fields'][number];
export type Values = Readonly<Record<string, FieldValue>>;

const isHidden = (value: unknown): value is HiddenSecret =>
  typeof value === 'object' && value !== null && 'set' in value;

/** The secret of a field that is kept where it is. */
export function keptSecret(channel: NotificationChannel | undefined, { name }: FormField): HiddenSecret | undefined {
  const value = channel?.settings[name];
  return isHidden(value) ? value : undefined;
}

function toValue({ type, choices, default: usual }: FormField, set: unknown): FieldValue {
  const value = set ?? usual;
  if (isHidden(value)) return value;
  if (type === 'yes-no') return value === true;
  if (type === 'list') return Array.isArray(value) ? value.join('\n') : '';
  if (value === null || value === undefined) return type === 'choice' ? (choices[0] ?? '') : '';
  return String(value);
}

export const toValues = ({ fields }: ChannelForm, channel?: NotificationChannel): Values =>
  Object.fromEntries(fields.map((field) => [field.name, toValue(field, channel?.settings[field.name])]));

/** Empty fields are left out: the server knows their defaults. */
export function toChange({ kind, fields }: ChannelForm, values: Values, enabled: boolean): ChannelChange {
  const change: ChannelChange = { kind, enabled };
  for (const { name, type } of fields) {
    const value = values[name];
    if (value === null || value === '') continue;
    if (type === 'number') change[name] = Number(value);
    else if (type === 'list') change[name] = linesOf(String(value));
    else change[name] = typeof value === 'string' && type !== 'secret' ? value.trim() : value;
  }
  return change;
}

/** Entries on lines of their own, or with commas between. */
export const linesOf = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter(Boolean);
