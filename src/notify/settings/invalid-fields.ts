/** What is wrong with settings that a page has sent, field by field, so that a form can say it beside each. */
import type { z } from 'zod';
import { AppError } from '../../errors.ts';

export interface FieldProblem {
  /** Path of the field with dots: "to.0", "rules.2.quietHours.from". */
  field: string;
  /** Ends the sentence that the field's name begins: "is not one plain e-mail address". */
  problem: string;
}

export class InvalidFields extends AppError<'invalid_fields'> {
  readonly fields: FieldProblem[];

  constructor(fields: FieldProblem[]) {
    const [first] = fields;
    // Some are sentences of their own.
    const sentence = /^\p{Lu}/u.test(first.problem);
    const name = first.field === '' ? 'what was sent' : `"${first.field}"`;
    super('invalid_fields', {
      reason: sentence ? first.problem.replace(/\.$/, '') : `${name} ${first.problem}`,
    });
    this.fields = fields;
  }
}

const types: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object of settings',
};
const units: Record<string, string> = { string: ' characters long', array: ' entries long' };

/** Zod's own messages are for developers; what a schema says itself stays. */
function inWords(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('undefined') ? 'is missing' : `must be ${types[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'invalid_union':
      // The other union is that of a secret, which only comes here when there is none.
      return issue.discriminator ? 'is none of the kinds that there are' : 'is missing';
    case 'unrecognized_keys':
      return 'is not a setting of this kind';
    case 'too_big':
      return `must be at most ${issue.maximum}${units[issue.origin] ?? ''}`;
    case 'too_small':
      return issue.minimum === 1 && issue.origin in units
        ? 'is missing'
        : `must be at least ${issue.minimum}${units[issue.origin] ?? ''}`;
    default:
      return issue.message;
  }
}

/** What `schema` makes of it; throws InvalidFields. `prefix` is the path of the input in what the page has sent. */
export function parseFields<T>(schema: z.ZodType<T>, input: unknown, prefix: string[] = []): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InvalidFields(
    parsed.error.issues.map((issue) => {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
      return { field: [...prefix, ...issue.path.map(String), ...keys].join('.'), problem: inWords(issue) };
    }),
  );
}
