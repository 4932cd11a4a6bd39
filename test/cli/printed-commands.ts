/** Every command of ours that is printed anywhere: by --help, by errors, in documents and on pages. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { commands } from '../../src/cli/commands.ts';
import { errorTable } from '../../src/errors.ts';
import { root } from './guardian.ts';

export interface Printed {
  /** As it stands there, with what its pipe goes on with. */
  line: string;
  where: string;
}

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** The program as the command line defines it, for its help and to parse with. */
export function createProgram(): Command {
  const program = new Command('guardian').exitOverride().option('--config <file>').option('--quiet');
  for (const define of commands) define(program).exitOverride();
  return program;
}

function* everyCommand(command: Command): Generator<Command> {
  yield command;
  for (const inner of command.commands) yield* everyCommand(inner);
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  return text;
}

/** A line of a shell, without what explains it. */
const bare = (line: string): string => line.replace(/\s+#.*$/, '').trim();
const isCommand = (line: string): boolean => /(^|\| |\w=\S+ )(npx )?guardian [a-z-]/.test(line) && !line.includes('…');

function linesOf(text: string, where: string): Printed[] {
  const whole = text.replaceAll(/\\\n\s*/g, '');
  return whole
    .split('\n')
    .map((line) => ({ line: bare(line), where }))
    .filter(({ line }) => isCommand(line));
}

const documents = (): string[] => [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...readdirSync(path.join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** What a person is to run as it stands: examples of --help, and blocks of a shell in documents. */
export function toRun(): Printed[] {
  const help = [...everyCommand(createProgram())].flatMap((command) =>
    linesOf(helpOf(command), `${command.name()} --help`),
  );
  const main = linesOf(read('src/cli/main.ts').replaceAll(/ {3,}(?=\w)/g, '  # '), 'guardian --help').filter(
    ({ line }) => line.startsWith('guardian '),
  );
  const blocks = documents().flatMap((file) =>
    [...read(file).matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => linesOf(block, file)),
  );
  return [...help, ...main, ...blocks];
}

const EXAMPLES: Record<string, string> = { interface: 'eth0', example: 'eth0', directory: 'my', file: 'capture.pcap' };

/** What stands in a sentence: hints of errors, and inline in documents. It names a command, perhaps without its file. */
export function named(): Printed[] {
  const hints = Object.entries(errorTable).flatMap(([code, { hint }]) => {
    const filled = hint.replaceAll(/\{(\w+)\}/g, (whole, name: string) => EXAMPLES[name] ?? whole);
    return [...filled.matchAll(/"(guardian [^"]+)"|: (guardian [a-z-]+(?: --?\w+(?: \w+)?)*)/g)].map(
      ([, one, other]) => ({ line: one ?? other, where: code }),
    );
  });
  const inline = documents().flatMap((file) =>
    [...read(file).matchAll(/`((?:npx )?guardian [^`]+)`/g)].map(([, line]) => ({
      line: line.replaceAll(/\s+/g, ' '),
      where: file,
    })),
  );
  return [...hints, ...inline];
}
