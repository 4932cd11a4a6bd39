/** What Guardian says of one kind of finding: its name, how bad it is, the sentence, and its numbers as labelled rows. */
import type { PastOfHost } from '../../detector/baseline.ts';
import type { Deviation } from '../../detector/deviation.ts';
import type { EvidenceOf } from '../../detector/evidence.ts';
import type { FindingKind, FindingOf } from '../../detector/finding.ts';
import type { Fact } from '../fact.ts';
import type { Severity } from '../severity.ts';
import { count, duration } from './phrase.ts';

export interface Words {
  /** A named thing with a number against that device's own past. */
  sentence: string;
  /** What it may mean. */
  meaning: string;
  /** What to do now, three steps at most. */
  advice: string[];
}

export interface WordsContext {
  name: string;
  /** Name of the other end, where it is one. */
  target: string;
  past: PastOfHost;
}

export interface KindWords<Kind extends FindingKind> {
  /** Name in lists and settings. */
  title: string;
  /** How bad it is at the point where it is called out; strong evidence is one step more. */
  severity: Severity;
  /** When one thing shows in several ways, the most telling name stays. Higher tells more. */
  telling: number;
  /** Quiet for this long ends an episode; an hour where it is missing. Seconds. */
  coolDown?: number;
  words(finding: FindingOf<Kind>, context: WordsContext): Words;
  /** The numbers behind the sentence, the most telling first. */
  facts(evidence: EvidenceOf[Kind], deviations: readonly Deviation[]): Fact[];
}

export const defineWords = <Kind extends FindingKind>(words: KindWords<Kind>): KindWords<Kind> => words;

/** "In the 14 days before, it contacted 3 addresses.", or that there is no past. */
export const usedAddresses = ({ past }: WordsContext): string =>
  past.seconds > 0
    ? `In the ${duration(past.seconds)} before, it contacted ${count(past.addresses, 'address', 'addresses')}.`
    : 'Guardian has not watched it long enough to compare.';

export const neverBefore = ({ past, target }: WordsContext): string => {
  if (past.seconds <= 0) return 'Guardian has not watched it long enough to compare.';
  return `In the ${duration(past.seconds)} before, it never ${past.met === false ? `talked to ${target}` : 'did so'}.`;
};

/** "Usual is at most …", where a usual value was learned. */
export const usually = (value: number, what: string, context: WordsContext): string =>
  value > 0 ? `Usual is at most ${what}.` : neverBefore(context);

export const disconnect = (name: string): string => `If you did not start this, disconnect ${name} from the network.`;
export const update = (name: string): string => `Change the password of ${name} and install its latest firmware.`;
