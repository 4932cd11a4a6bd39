/** Runs a program of the system: an argument array, no shell, bounded output and time. */
import { execFile } from 'node:child_process';

const MAXIMUM_OUTPUT = 4 << 20;

/** Its standard output; null where it is not there, failed, or took too long. */
export function run(
  program: string,
  args: readonly string[],
  options: { timeoutMs: number; signal?: AbortSignal },
): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const settings = { timeout: options.timeoutMs, signal: options.signal, maxBuffer: MAXIMUM_OUTPUT };
    execFile(program, args, settings, (error, stdout) => {
      if (options.signal?.aborted) reject(options.signal.reason);
      else resolve(error === null ? stdout : null);
    });
  });
}
