import type { Command } from 'commander';
import { AppError } from '../../errors.ts';
import { asCalled } from '../as-called.ts';

const MAX_LISTEN_SECONDS = 3_600;

interface DoctorFlags {
  interface?: string;
  listen: string;
  json?: boolean;
}

export const defineDoctor = (program: Command): Command =>
  program
    .command('doctor')
    .description('what is missing to capture, and the exact command that mends it')
    .option('--interface <name>', 'interface to look at (default: the one with the default route)')
    .option('--listen <seconds>', 'listen for so long, and say whose traffic passes there', '0')
    .option('--json', 'the checks as JSON')
    .addHelpText(
      'after',
      `
Examples:
  guardian doctor
  guardian doctor --listen 60
  guardian doctor --interface eth0 --json | jq '.checks[] | select(.ok == false) | .mend'
Exit code 4 says that something is missing.`,
    )
    .action(async (flags: DoctorFlags) => {
      const listenSeconds = Number(flags.listen);
      if (!(listenSeconds >= 0 && listenSeconds <= MAX_LISTEN_SECONDS)) {
        const expected = `Give seconds, ${MAX_LISTEN_SECONDS} at most.`;
        throw new AppError('bad_option', { option: '--listen', value: flags.listen, expected });
      }
      const { examine, renderChecks } = await import('../../doctor/doctor.ts');
      const report = await examine({
        interface: flags.interface,
        searchPath: process.env.PATH ?? '',
        isRoot: process.getuid?.() === 0,
        env: process.env,
        listenSeconds,
      });
      process.stdout.write(asCalled(flags.json ? `${JSON.stringify(report)}\n` : renderChecks(report)));
      if (!report.ready) process.exitCode = 4;
    });
