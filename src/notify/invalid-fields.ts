/** What is wrong with settings that a page has sent, field by field, so that a form can say it beside each. */
import type { z } from 'zod';
import { AppError } from '../errors.ts';

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
    super('invalid_fields', {
      reason: sentence ? first.problem.replace(/\.$/, '') : `"${first.field}" ${first.problem}`,
    });
    this.fields = fields;
  }
}

/** Zod's own messages are for developers; these are what an owner can get to see. */
function inWords({ code, message, ...issue }: z.core.$ZodIssue): string {
  if (code === 'invalid_type' && issue.input === undefined && message.includes('received undefined'))
    return 'is missing';
  if (code === 'unrecognized_keys') return 'is not a setting of this kind';
  if (code === 'too_small' && 'origin' in issue && issue.origin !== 'number') return 'is missing';
  return message
    .replace(/^Invalid input: expected/, 'is not')
    .replace(/^Too (big|small): expected \w+ to (have|be) /, 'must be ');
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
