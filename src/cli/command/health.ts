/** `guardian health`: for whatever restarts containers. */
import type { Command } from 'commander';
import { AppError } from '../../errors.ts';
import { commandSettings } from '../settings.ts';

const WITHIN_MS = 8_000;

export const defineHealth = (program: Command): Command =>
  program
    .command('health')
    .description('whether the server of this machine answers')
    .option('--port <number>', 'its port (default: the one of the settings)')
    .addHelpText('after', '\nExamples:\n  guardian health\n  guardian health --port 8080 || echo "no answer"')
    .action(async (flags: { port?: string }, command: Command) => {
      const { host, port } = commandSettings(command, { 'server.port': flags.port }).settings.server;
      const isAny = host === '0.0.0.0' || host === '::';
      const name = isAny ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
      const url = `http://${name}:${port}/api/v1/session`;
      let reason: string;
      try {
        const { status } = await fetch(url, { signal: AbortSignal.timeout(WITHIN_MS), redirect: 'manual' });
        if (status < 500) {
          process.stdout.write('healthy\n');
          return;
        }
        reason = `it answers ${status}`;
      } catch (error) {
        const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException };
        reason = cause?.code ?? message;
      }
      throw new AppError('server_does_not_answer', { url, reason });
    });
