/** Programs that make the release. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';

export const root = path.join(import.meta.dirname, '../..');

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
}

/** Standard output of a program that has to succeed; what it says besides is shown. */
export function run(program: string, args: readonly string[], { cwd = root, env }: RunOptions = {}): string {
  return execFileSync(program, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  });
}

/** Seconds since 1970 that stand in everything that is made: those of the last commit. */
export function releaseEpoch(): number {
  return Number(process.env.SOURCE_DATE_EPOCH ?? run('git', ['log', '-1', '--format=%ct']).trim());
}
