import type { Command } from 'commander';
import { commandSettings, isQuiet } from '../settings.ts';
import { note, printable } from '../terminal.ts';

export const defineRestore = (program: Command): Command =>
  program
    .command('restore')
    .description('put a backup in the place of what the data folder holds; the server must not run')
    .argument('<file>', 'what "guardian backup" has written')
    .option('--data <dir>', 'data folder (default: home-iot-guardian in the XDG data directory)')
    .addHelpText(
      'after',
      '\nExamples:\n  guardian restore guardian-backup.tar\n  guardian restore monday.tar --data elsewhere',
    )
    .action(async (file: string, flags: { data?: string }, command: Command) => {
      const { settings } = commandSettings(command, { data: flags.data });
      const [{ restoreBackup }, { createLog }] = await Promise.all([
        import('../../store/backup/restore.ts'),
        import('../../log.ts'),
      ]);
      const log = createLog({ level: 'warn', plain: true });
      const { made, version, parts, aside } = await restoreBackup({
        file,
        directory: settings.data,
        log,
        now: new Date(),
      });
      const names = parts.map(({ name }) => name).join(', ');
      note(`Restored ${names} of ${made}, written by version ${version}.`, isQuiet(command));
      if (aside !== null) note(`What was there before lies in ${printable(aside)}.`, isQuiet(command));
    });
