/** The protocols by name: what `guardian evaluate` calls. Each gives one plain object. */
import { type EnginePart, engineParts } from '../detector/engine-options.ts';
import { AppError } from '../errors.ts';
import { evaluateEpisodes } from './episodes.ts';
import { evaluateField } from './field.ts';
import { flowJudges } from './flow-judge.ts';
import { evaluateHalves } from './halves.ts';
import { packetJudges } from './packet-judge.ts';
import { evaluatePackets } from './packets.ts';
import { evaluateQuiet } from './quiet.ts';

export interface EvaluateOptions {
  /** Default: guardian, the whole product. */
  detector?: string;
  /** Parts of the engine to leave out. */
  without?: readonly string[];
  /** Positional files: labelled logs of `halves`, the house of `quiet`, the folder of `field`. */
  files?: readonly string[];
  train?: readonly string[];
  test?: readonly string[];
  negatives?: readonly string[];
  /** `episodes.csv`. */
  truth?: string;
  mix?: boolean;
  trainDays?: number;
  /** False alarms a week. */
  budget?: number;
  seed?: number;
  onProgress?: (done: number, of: number) => void;
  /** What the reader of the result should know. */
  onNote?: (text: string) => void;
}

export const protocols = ['halves', 'packets', 'quiet', 'episodes', 'field'] as const;
type Protocol = (typeof protocols)[number];

/** What each protocol makes use of, by its option; the rest would be ignored, and is refused. */
const optionNames = {
  files: 'FILE',
  train: '--train',
  test: '--test',
  negatives: '--negatives',
  truth: '--truth',
  mix: '--mix',
  trainDays: '--train-days',
  budget: '--budget',
} as const satisfies Partial<Record<keyof EvaluateOptions, string>>;
const used: Record<Protocol, readonly (keyof typeof optionNames)[]> = {
  halves: ['files'],
  packets: ['train', 'test', 'negatives', 'mix'],
  quiet: ['files', 'trainDays', 'train', 'test', 'budget'],
  episodes: ['train', 'test', 'truth'],
  field: ['files'],
};

const oneOf = <T extends string>(option: string, value: string, choices: readonly T[]): T => {
  const choice = choices.find((known) => known === value);
  if (choice === undefined)
    throw new AppError('bad_option', {
      option,
      value,
      expected: choices.length > 1 ? `Choose ${choices.join(', ')}.` : `Only ${choices[0]} can be measured so.`,
    });
  return choice;
};

function judgeOf<J extends { name: string }>(judges: readonly J[], name: string): J {
  oneOf(
    '--detector',
    name,
    judges.map((judge) => judge.name),
  );
  return judges.find((judge) => judge.name === name)!;
}

function required(option: string, what: string, files: readonly string[] = []): readonly string[] {
  if (files.length > 0) return files;
  throw new AppError('missing_option', { option, expected: `Name ${what}.` });
}

const isGiven = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;

function refuseUnused(protocol: Protocol, options: EvaluateOptions): void {
  for (const name of Object.keys(optionNames) as (keyof typeof optionNames)[]) {
    if (!isGiven(options[name]) || used[protocol].includes(name)) continue;
    const takes = used[protocol].map((one) => optionNames[one]).join(', ');
    const expected = `The protocol ${protocol} takes ${takes}.`;
    throw new AppError('bad_option', { option: optionNames[name], value: String(options[name]), expected });
  }
}

/** Parts are the engine's. Novelty no other detector looks at, so to leave it out there is true of itself. */
function checkParts(detector: string, without: ReadonlySet<EnginePart>): void {
  const foreign = detector === 'guardian' ? [] : [...without].filter((part) => part !== 'novelty');
  if (foreign.length === 0) return;
  const expected = `Only guardian has parts that can be left out; ${detector} is one detector alone.`;
  throw new AppError('bad_option', { option: '--without', value: foreign.join(','), expected });
}

/** One house for the first days of which is learned, or captures of their own to learn from and to watch. */
function checkQuiet({ files = [], trainDays, train = [], test = [] }: EvaluateOptions): void {
  if (trainDays === undefined) {
    required('--test', 'captures to watch, or give --train-days and the captures of one house', test);
    if (files.length === 0) return;
    throw new AppError('bad_option', { option: 'FILE', value: files.join(' '), expected: 'It needs --train-days.' });
  }
  required('FILE', 'the captures of one house', files);
  if (train.length + test.length === 0) return;
  const expected = 'Give either --train-days and files, or --train and --test.';
  throw new AppError('bad_option', { option: '--train-days', value: String(trainDays), expected });
}

/** Throws AppError: `bad_option`, `missing_option`, and whatever reading the files may throw. */
export async function evaluateProtocol(name: string, options: EvaluateOptions = {}): Promise<object> {
  const { detector = 'guardian', seed = 1, train = [], test = [], onProgress, onNote } = options;
  const protocol = oneOf('--protocol', name, protocols);
  const without = new Set<EnginePart>((options.without ?? []).map((part) => oneOf('--without', part, engineParts)));
  refuseUnused(protocol, options);
  const common = { without, seed, onProgress, onNote };
  switch (protocol) {
    case 'halves': {
      const judge = judgeOf(flowJudges, detector);
      checkParts(detector, without);
      return evaluateHalves(required('FILE', 'at least one labelled log of connections', options.files), judge, common);
    }
    case 'packets': {
      const judge = judgeOf(packetJudges, detector);
      checkParts(detector, without);
      return evaluatePackets(judge, {
        ...common,
        train: required('--train', 'benign captures to learn from', train),
        test: required('--test', 'captures to judge', test),
        negatives: options.negatives,
        mix: options.mix ?? false,
      });
    }
    case 'quiet': {
      // Alarms are the product's: a detector alone has scores only.
      oneOf('--detector', detector, ['guardian']);
      checkQuiet(options);
      const { trainDays, budget, files = [] } = options;
      return evaluateQuiet({ ...common, files, trainDays, budget, train, test });
    }
    case 'episodes':
      oneOf('--detector', detector, ['guardian']);
      required('--test', 'captures to watch', test);
      return evaluateEpisodes({ ...common, train, test, truth: options.truth });
    case 'field': {
      oneOf('--detector', detector, ['guardian']);
      const [folder, ...others] = required('FILE', 'the folder that holds truth.tsv and homes.tsv', options.files);
      if (others.length === 0) return evaluateField(folder, common);
      throw new AppError('bad_option', { option: 'FILE', value: others.join(' '), expected: 'Give one folder.' });
    }
  }
}
