/** `guardian service …`: starts with the machine, and captures without being root. */
import path from 'node:path';
import type { Command } from 'commander';
import { asCalled } from '../as-called.ts';
import { isQuiet } from '../settings.ts';
import { note } from '../terminal.ts';

const isRoot = (): boolean => process.getuid?.() === 0;

interface InstallFlags {
  interface?: string;
  host?: string;
  port?: string;
}

async function install(flags: InstallFlags, command: Command): Promise<void> {
  const { installService } = await import('../../service/service.ts');
  const program = path.join(import.meta.dirname, '../..');
  const name = await installService({
    ...flags,
    command: [process.execPath, ...process.execArgv, process.argv[1]],
    folders: [program, path.dirname(process.execPath)],
    searchPath: process.env.PATH ?? '',
    isRoot: isRoot(),
  });
  const lines = [
    `Guardian runs, watches ${name} and starts with this machine.`,
    'The link that makes the first account: journalctl -u guardian',
    'Settings: /etc/home-iot-guardian/guardian.yaml; data: /var/lib/home-iot-guardian',
  ];
  note(lines.join('\n'), isQuiet(command));
}

async function remove({ purge }: { purge?: boolean }, command: Command): Promise<void> {
  const { removeService } = await import('../../service/service.ts');
  removeService({ isRoot: isRoot(), purge: purge === true });
  const kept = 'The data in /var/lib/home-iot-guardian and the settings in /etc/home-iot-guardian are kept.';
  note(`The service is gone. ${purge ? 'So are its data and settings.' : kept}`, isQuiet(command));
}

async function status({ json }: { json?: boolean }): Promise<void> {
  const { serviceStatus } = await import('../../service/service.ts');
  const all = serviceStatus();
  if (json) process.stdout.write(`${JSON.stringify(all)}\n`);
  else if (!all.installed) process.stdout.write(asCalled('There is no service: sudo guardian service install\n'));
  else {
    const captures = `${all.socket === 'active' ? 'waiting' : all.socket}, ${all.captures} running`;
    const lines = [
      `Server   ${all.server}${all.says === null ? '' : `  ${all.says}`}${all.restarts > 0 ? `  (started again ${all.restarts} times)` : ''}`,
      `Capture  ${captures}${all.interface === null ? '' : `  on ${all.interface}`}`,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  if (all.server !== 'active') process.exitCode = 4;
}

export const defineService = (program: Command): Command => {
  const service = program
    .command('service')
    .description('run with systemd: started with the machine, without root, capturing as another user')
    .addHelpText(
      'after',
      `
Examples:
  sudo guardian service install --interface eth0
  sudo guardian service install --host 0.0.0.0
  guardian service status
  sudo guardian service remove --purge
Exit code 4 of "status" says that the server does not run.`,
    );
  service
    .command('install')
    .description('make the users and the units, and start them once the doctor is content')
    .option('--interface <name>', 'interface to watch (default: the one with the default route)')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <number>', 'port (default: 5000)')
    .action(install);
  service
    .command('remove')
    .description('stop it and take the units away; data and settings stay')
    .option('--purge', 'delete data, settings and users too')
    .action(remove);
  service.command('status').description('whether it runs').option('--json', 'as JSON').action(status);
  return service;
};
