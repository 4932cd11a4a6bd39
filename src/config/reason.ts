/** Why a setting is refused, in words of its own: those of the libraries speak of types, paths and tokens. */
import type { YAMLParseError } from 'yaml';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

const types: Record<string, string> = {
  number: 'it is not a number',
  int: 'it is not a whole number',
  boolean: 'it is neither true nor false',
  string: 'it is not a text',
  array: 'it is not a list',
  object: 'it has no settings below it',
};

/** The rest of "…cannot be X: ". */
export function reasonOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return types[issue.expected] ?? 'it is of another type than this setting';
    case 'too_small':
      return limit(issue.origin, 'less', 'shorter', issue.minimum);
    case 'too_big':
      return limit(issue.origin, 'more', 'longer', issue.maximum);
    case 'invalid_value':
      return `it is none of ${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return `it has no setting ${issue.keys.join(', ')}`;
    case 'invalid_union':
      return 'it has none of the forms that this setting may have';
    default:
      // Some reasons are sentences of their own.
      return issue.message.replace(/\.$/, '');
  }
}

function limit(origin: string, beyond: string, longer: string, bound: number | bigint): string {
  if (origin !== 'string' && origin !== 'array') return `it is ${beyond} than ${bound}`;
  if (Number(bound) === 1 && longer === 'shorter') return 'it is empty';
  return `it is ${longer} than ${bound}`;
}

const yamlReasons: Record<string, string> = {
  BAD_INDENT: 'a line is indented by another number of blanks than its neighbours',
  BLOCK_AS_IMPLICIT_KEY: 'a second colon stands in the line; put the value in quotes',
  BLOCK_IN_FLOW: 'a bracket is not closed before this line',
  DUPLICATE_KEY: 'this setting stands in it twice',
  MISSING_CHAR: 'a quote, a bracket, a colon or a comma is missing',
  MULTILINE_IMPLICIT_KEY: 'a colon is missing behind the name of a setting',
  TAB_AS_INDENT: 'the line begins with a tab; use blanks',
  UNEXPECTED_TOKEN: 'a character stands there that YAML gives another meaning; put the value in quotes',
};

export const yamlReasonOf = ({ code }: YAMLParseError): string =>
  yamlReasons[code] ?? 'the line is not in the form that YAML asks for';
