import path from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../errors.ts';
import { commandFromAnywhere } from '../as-called.ts';
import { notePlatform, noteRoot } from '../root-note.ts';
import { commandSettings, isQuiet } from '../settings.ts';
import { note } from '../terminal.ts';

interface ServeFlags {
  host?: string;
  port?: string;
  data?: string;
  interface?: string;
  demo?: boolean;
  auth: boolean;
}

export const defineServe = (program: Command): Command =>
  program
    .command('serve')
    .description('the dashboard and the API')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <number>', 'port; 0 takes a free one (default: 5000)')
    .option('--data <dir>', 'data folder (default: home-iot-guardian in the XDG data directory)')
    .option('--interface <name>', 'watch this network interface (default: the one chosen on the page, if any)')
    .option('--demo', 'watch a simulated home with attacks instead, in a data folder of its own')
    .option('--no-auth', 'without accounts, for this machine only')
    .addHelpText(
      'after',
      '\nExamples:\n  guardian serve\n  guardian serve --host 0.0.0.0 --interface eth0\n  guardian serve --no-auth --demo --port 8080',
    )
    .action(async (flags: ServeFlags, command: Command) => {
      const { settings, env } = commandSettings(command, {
        'server.host': flags.host,
        'server.port': flags.port,
        data: flags.data,
        'monitor.interface': flags.interface,
      });
      if (flags.demo) {
        if (flags.interface !== undefined) {
          const expected = 'It watches a simulated home: leave --interface away.';
          throw new AppError('bad_option', { option: '--demo', value: 'with --interface', expected });
        }
        settings.data = path.join(settings.data, 'demo');
      }
      const [{ startServer }, { serviceManager }] = await Promise.all([
        import('../../app/serve.ts'),
        import('../../service/notify.ts'),
      ]);
      const how = { demo: flags.demo, auth: flags.auth, command: commandFromAnywhere() };
      const server = await startServer(settings, env, how);
      note(
        `Home IoT Guardian is on ${[...new Set([server.urls[0], server.urls.at(-1)])].join(' and ')}`,
        isQuiet(command),
      );
      if (server.setUpLink) {
        note(`Make the first account within an hour: ${server.setUpLink}`, isQuiet(command));
      }
      if (flags.demo) note('This is a demo: the home, its devices and the attacks are simulated.', isQuiet(command));
      if (!flags.demo) await notePlatform(isQuiet(command));
      const { interface: name, ssh } = settings.monitor;
      if (name !== '' && ssh === '' && !flags.demo) await noteRoot(isQuiet(command));
      const manager = serviceManager(process.env, () => server.isAlive());
      manager?.ready(`On ${server.url}`);
      let stopping = false;
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.on(signal, () => {
          // A second signal means now.
          if (stopping) process.exit(130);
          stopping = true;
          manager?.stopping();
          void server.close().then(() => process.exit(0));
        });
      }
    });
