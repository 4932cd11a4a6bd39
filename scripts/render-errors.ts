/** docs/errors.md, from the error table. */
import { errorTable } from '../src/errors.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('{', '‹').replaceAll('}', '›');

export const renderErrors = (): string =>
  [
    '# Errors',
    '',
    'Every failure that you can act on, from one table (`src/errors.ts`, an area a file in `src/errors/`). The code stands at',
    'the end of the message on a terminal and in `code` of an API answer. Exit codes: 2 wrong use, 3 bad input,',
    '4 environment. This page is generated.',
    '',
    '| code | HTTP | exit | what happened | what to do |',
    '|---|---|---|---|---|',
    ...Object.entries(errorTable).map(
      ([code, { status, exit, message, hint }]) =>
        `| \`${code}\` | ${status} | ${exit} | ${cell(message)} | ${cell(hint)} |`,
    ),
    '',
  ].join('\n');
