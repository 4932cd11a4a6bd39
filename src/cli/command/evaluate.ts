import { type Command, Option } from 'commander';
import { AppError } from '../../errors.ts';
import type { EvaluateOptions } from '../../evaluation/evaluate.ts';
import type { evaluateField } from '../../evaluation/field.ts';
import { isQuiet } from '../settings.ts';
import { createProgress, note, printable } from '../terminal.ts';

interface EvaluateFlags {
  protocol: string;
  detector: string;
  without: string[];
  train?: string[];
  test?: string[];
  negatives?: string[];
  truth?: string;
  mix?: boolean;
  trainDays?: string;
  budget?: string;
  seed: string;
  json?: boolean;
}

function number(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new AppError('bad_option', { option, value: text, expected: 'Give a number that is not negative.' });
}

/** Nested results as lines of dotted names: `macro.auc  0.9931`; lists of objects one block each. */
function* render(value: unknown, path: string): Generator<string> {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield* render(item, `${path}[${i}]`);
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) yield* render(item, path === '' ? key : `${path}.${key}`);
  } else {
    const isFraction = typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value);
    // What cannot be measured (an AUC without attacks) is no number.
    const shown = Number.isNaN(value) ? '–' : isFraction ? value.toPrecision(4) : String(value);
    yield `${path.padEnd(48)}  ${shown}\n`;
  }
}

/** Lists the faults in the field, a line each, before the figures. */
async function findings(result: object): Promise<string[]> {
  if (!('protocol' in result) || result.protocol !== 'field') return [];
  const { fieldLines } = await import('../../evaluation/field-report.ts');
  const field = result as Partial<Awaited<ReturnType<typeof evaluateField>>>;
  const lines = (field.files ?? []).flatMap(fieldLines).map((line) => `${printable(line)}\n`);
  delete field.files;
  return lines;
}

export const defineEvaluate = (program: Command): Command =>
  program
    .command('evaluate')
    .description('measure how well attacks are found and ordinary days left alone, on labelled traffic')
    .argument('[file...]', 'labelled logs (halves), captures of one house (quiet), a folder with truth.tsv (field)')
    .addOption(
      new Option('--protocol <name>', 'what is measured: see docs/detection.md')
        .choices(['halves', 'packets', 'quiet', 'episodes', 'field'])
        .makeOptionMandatory(),
    )
    .option('--detector <name>', 'one detector instead of the whole product', 'guardian')
    .option(
      '--without <parts>',
      'leave out parts of the whole product, separated by commas; may be given again (novelty)',
      (text: string, parts: string[]) => [...parts, ...text.split(',')],
      [],
    )
    .option('--train <file...>', 'benign captures to learn from')
    .option('--test <file...>', 'captures to judge')
    .option('--negatives <file...>', 'benign captures that are scored and not learned (packets)')
    .option('--truth <file>', 'episodes.csv: when the attacks are and what may be said of them (episodes)')
    .option('--mix', 'play the left-out benign capture during the attack (packets)')
    .option('--train-days <n>', 'learn this many days, watch the rest (quiet)')
    .option('--budget <n>', 'false alarms a week that are accepted (quiet)')
    .option('--seed <n>', 'same seed, same result', '1')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  guardian evaluate --protocol halves conn.log.labeled --json
  guardian evaluate --protocol packets --mix --without novelty --train monday.pcap tuesday.pcap --test attack.pcap
  guardian evaluate --protocol quiet --train-days 3 camera.pcap lock.pcap
  guardian evaluate --protocol episodes --train monday.pcap --test attack.pcap --truth episodes.csv
  guardian evaluate --protocol field captures/`,
    )
    .action(async (files: string[], flags: EvaluateFlags, command: Command) => {
      const { evaluateProtocol } = await import('../../evaluation/evaluate.ts');
      const quiet = isQuiet(command);
      const progress = createProgress('Evaluating', quiet);
      const { protocol, json, trainDays, budget, seed, ...rest } = flags;
      const options: EvaluateOptions = {
        ...rest,
        files,
        trainDays: number('--train-days', trainDays),
        budget: number('--budget', budget),
        seed: number('--seed', seed),
        onProgress: (done, of) => progress.update(done / of),
        onNote: (text) => note(printable(text), quiet),
      };
      const result = await evaluateProtocol(protocol, options).finally(() => progress.stop());
      if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
      else process.stdout.write([...(await findings(result)), ...render(result, '')].join(''));
    });
