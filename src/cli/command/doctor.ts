import type { Command } from 'commander';
import { asCalled } from '../as-called.ts';

interface DoctorFlags {
  interface?: string;
  json?: boolean;
}

export const defineDoctor = (program: Command): Command =>
  program
    .command('doctor')
    .description('what is missing to capture, and the exact command that mends it')
    .option('--interface <name>', 'interface to look at (default: the one with the default route)')
    .option('--json', 'the checks as JSON')
    .addHelpText(
      'after',
      `
Examples:
  guardian doctor
  guardian doctor --interface eth0 --json | jq '.checks[] | select(.ok == false) | .mend'
Exit code 4 says that something is missing.`,
    )
    .action(async (flags: DoctorFlags) => {
      const { examine, renderChecks } = await import('../../doctor/doctor.ts');
      const report = await examine({
        interface: flags.interface,
        searchPath: process.env.PATH ?? '',
        isRoot: process.getuid?.() === 0,
        env: process.env,
      });
      process.stdout.write(asCalled(flags.json ? `${JSON.stringify(report)}\n` : renderChecks(report)));
      if (!report.ready) process.exitCode = 4;
    });
