/** What a settings page asks for each kind of channel, taken from the channel's own settings. */
import { z } from 'zod';
import { channelDefinitions, commonSettings } from '../channels.ts';

export const fieldTypes = ['text', 'secret', 'number', 'yes-no', 'choice', 'list', 'long-text'] as const;

export interface FormField {
  name: string;
  label: string;
  description: string;
  type: (typeof fieldTypes)[number];
  choices: string[];
  /** What is taken when nothing is said. */
  default: string | number | boolean | null;
  required: boolean;
  /** Has a good default, or is for the few: a form shows it on request. */
  rare: boolean;
}

export interface ChannelForm {
  kind: string;
  label: string;
  fields: FormField[];
}

interface FieldSchema {
  type?: string;
  title?: string;
  description?: string;
  enum?: string[];
  default?: FormField['default'];
  secret?: boolean;
  long?: boolean;
}

/** "signingSecret" → "Signing secret". */
const spell = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/^./, (letter) => letter.toUpperCase());

function typeOf({ type, enum: choices, secret, long }: FieldSchema): FormField['type'] {
  if (secret) return 'secret';
  if (choices) return 'choice';
  if (long) return 'long-text';
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'boolean') return 'yes-no';
  return type === 'array' ? 'list' : 'text';
}

function fieldsOf(settings: z.ZodObject, allRare = false): FormField[] {
  const { properties = {}, required = [] } = z.toJSONSchema(settings, { io: 'input' });
  return Object.entries(properties as Record<string, FieldSchema>).map(([name, field]) => ({
    name,
    label: field.title ?? spell(name),
    description: field.description ?? '',
    type: typeOf(field),
    choices: field.enum ?? [],
    default: field.default ?? null,
    required: required.includes(name),
    rare: allRare || field.default !== undefined || field.long === true,
  }));
}

let forms: ChannelForm[] | undefined;

/** The fields that matter first, the rare ones last, in the order of the settings otherwise. */
export function channelForms(): ChannelForm[] {
  forms ??= channelDefinitions.map(({ kind, label, settings }) => ({
    kind,
    label,
    fields: [
      ...fieldsOf(settings as z.ZodObject),
      ...fieldsOf(z.object({ title: commonSettings.title, text: commonSettings.text }), true),
    ].sort((a, b) => Number(b.required) - Number(a.required) || Number(a.rare) - Number(b.rare)),
  }));
  return forms;
}
