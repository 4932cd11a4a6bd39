/** Where the hub's PostgreSQL is. The environment keeps the password out of the list of processes. */
import { AppError } from '../errors.ts';

export const DATABASE_OPTION = [
  '--database <url>',
  'PostgreSQL: postgres://user:password@host/name (default: DATABASE_URL of the environment)',
] as const;

/** Throws AppError `bad_option` where neither says it. */
export function databaseUrl(flag: string | undefined): string {
  const url = flag ?? process.env.DATABASE_URL ?? '';
  if (/^postgres(ql)?:\/\//.test(url)) return url;
  const expected = 'Give it as postgres://user:password@host/name, or in DATABASE_URL of the environment.';
  throw new AppError('bad_option', { option: '--database', value: url, expected });
}
