import { existsSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import { AppError } from '../../errors.ts';
import { commandSettings, isQuiet } from '../settings.ts';
import { note, printable } from '../terminal.ts';

interface BackupFlags {
  data?: string;
  history: boolean;
  force?: boolean;
}

export const defineBackup = (program: Command): Command =>
  program
    .command('backup')
    .description('everything that the server keeps, in one file; while it runs or not')
    .argument('<file>', 'the backup; a tar archive that only you can read')
    .option('--data <dir>', 'data folder (default: home-iot-guardian in the XDG data directory)')
    .option('--no-history', 'without the connections, which are most of it')
    .option('--force', 'replace the file where it exists')
    .addHelpText(
      'after',
      '\nExamples:\n  guardian backup guardian-backup.tar\n  guardian backup monday.tar --no-history --force',
    )
    .action(async (file: string, flags: BackupFlags, command: Command) => {
      const { settings } = commandSettings(command, { data: flags.data });
      if (existsSync(file) && !flags.force) throw new AppError('file_exists', { file: printable(file) });
      const { writeBackup } = await import('../../store/backup/write.ts');
      const how = { directory: settings.data, target: file, history: flags.history, now: new Date() };
      const { parts } = await writeBackup(how);
      const megabytes = (statSync(file).size / 1e6).toFixed(1);
      note(`Wrote ${printable(file)}: ${parts.map(({ name }) => name).join(', ')}, ${megabytes} MB.`, isQuiet(command));
      note('It holds the keys of your channels and accounts: keep it where only you can read it.', isQuiet(command));
    });
