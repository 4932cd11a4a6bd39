/** The protocols by name: what `guardian evaluate` calls. Each gives one plain object. */
import { type EnginePart, engineParts } from '../detector/engine.ts';
import { AppError } from '../errors.ts';
import { evaluateEpisodes } from './episodes.ts';
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
  /** Positional files: labelled logs of `halves`, the house of `quiet`. */
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
}

export const protocols = ['halves', 'packets', 'quiet', 'episodes'] as const;

const oneOf = <T extends string>(option: string, value: string, choices: readonly T[]): T => {
  const choice = choices.find((known) => known === value);
  if (choice === undefined)
    throw new AppError('bad_option', { option, value, expected: `Choose ${choices.join(', ')}.` });
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

function required(option: string, files: readonly string[] | undefined): readonly string[] {
  if (files && files.length > 0) return files;
  throw new AppError('bad_option', { option, value: '', expected: 'Name at least one file.' });
}

/** Throws AppError: `bad_option`, and whatever reading the files may throw. */
export async function evaluateProtocol(protocol: string, options: EvaluateOptions = {}): Promise<object> {
  const { detector = 'guardian', seed = 1, train = [], test = [], onProgress } = options;
  const without = new Set<EnginePart>((options.without ?? []).map((part) => oneOf('--without', part, engineParts)));
  const common = { without, seed, onProgress };
  switch (oneOf('--protocol', protocol, protocols)) {
    case 'halves':
      return evaluateHalves(required('FILE', options.files), judgeOf(flowJudges, detector), common);
    case 'packets':
      return evaluatePackets(judgeOf(packetJudges, detector), {
        ...common,
        train: required('--train', train),
        test: required('--test', test),
        negatives: options.negatives,
        mix: options.mix ?? false,
      });
    case 'quiet': {
      const { trainDays, budget, files = [] } = options;
      if (trainDays === undefined) required('--test', test);
      else required('FILE', files);
      return evaluateQuiet({ ...common, files, trainDays, budget, train, test });
    }
    case 'episodes':
      return evaluateEpisodes({ ...common, train, test: required('--test', test), truth: options.truth });
  }
}
