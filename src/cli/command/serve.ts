import type { Command } from 'commander';
import { AppError } from '../../errors.ts';
import { commandSettings, isQuiet } from '../settings.ts';
import { note } from '../terminal.ts';

interface ServeFlags {
  host?: string;
  port?: string;
  data?: string;
  auth: boolean;
}

export const defineServe = (program: Command): Command =>
  program
    .command('serve')
    .description('the dashboard and the API')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <number>', 'port; 0 takes a free one (default: 5000)')
    .option('--data <dir>', 'data folder (default: home-iot-guardian in the XDG data directory)')
    .option('--no-auth', 'without accounts, for this machine only (the only mode until accounts exist)')
    .addHelpText(
      'after',
      '\nExamples:\n  guardian serve --no-auth\n  guardian serve --no-auth --port 8080 --data ./data',
    )
    .action(async (flags: ServeFlags, command: Command) => {
      if (flags.auth) throw new AppError('no_auth_required', {});
      const { settings, env } = commandSettings(command, {
        'server.host': flags.host,
        'server.port': flags.port,
        data: flags.data,
      });
      const { startServer } = await import('../../pipeline/serve.ts');
      const server = await startServer(settings, env);
      note(`Home IoT Guardian is on ${server.url}`, isQuiet(command));
      let stopping = false;
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.on(signal, () => {
          // A second signal means now.
          if (stopping) process.exit(130);
          stopping = true;
          void server.close().then(() => process.exit(0));
        });
      }
    });
