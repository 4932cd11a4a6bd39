/** The command line: `guardian COMMAND …`. Results on standard output, everything else on standard error. */
import { Command, CommanderError } from 'commander';
import { AppError } from '../errors.ts';
import { version } from '../version.ts';
import { asCalled } from './as-called.ts';
import { commands } from './commands.ts';
import { fail } from './terminal.ts';

// `guardian flows F | head` closes our output early: that is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

const program = new Command('guardian')
  .description('Learns what is normal for each device of a network and says when one starts to behave differently.')
  .version(version)
  .option('--config <file>', 'settings file (default: guardian.yaml in this folder)')
  .option('--quiet', 'no progress and no notes, only results and errors')
  .showHelpAfterError('(--help shows what is possible)')
  .showSuggestionAfterError()
  .exitOverride()
  .addHelpText(
    'after',
    `
Examples:
  guardian serve --no-auth                        the dashboard on http://localhost:5000
  guardian scan capture.pcap                      what is unusual in a capture
  guardian flows capture.pcap --format zeek       its connections, as Zeek writes them
  guardian simulate --devices 8 --hours 1 --attack scan --out home.pcap

Exit codes: 0 fine, 1 something found (with --fail-on), 2 wrong use, 3 bad input, 4 environment.`,
  );
program.configureHelp({ showGlobalOptions: true });
program.configureOutput({ writeOut: (text) => void process.stdout.write(asCalled(text)) });
for (const define of commands) define(program).exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof AppError) fail(error);
  else throw error;
}
