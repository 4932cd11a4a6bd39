/** What the owner is told about: an alert, or a notice of Guardian itself. */
import { type Alert, type AlertKind, alertKinds } from '../../alert/alert.ts';
import type { Fact } from '../../alert/fact.ts';
import { plainLine } from '../transport/plain-text.ts';

/** Longest texts, in characters, and longest lists. */
const SENTENCE = 500;
const WORD = 100;
const LISTED = 100;

/** Kinds that rules may name: those of alerts, and `notice` for what Guardian says of itself. */
export const subjectKinds = [...alertKinds, 'notice'] as const;
export type SubjectKind = AlertKind | 'notice';

/** What the owner is told about: an alert with the id of its episode, or a notice in the same shape. */
export type Subject = Omit<Alert, 'kind'> & {
  id: string;
  kind: SubjectKind;
  /** The numbers of the evidence as labelled rows; notices have none. */
  facts?: Fact[];
  /** Of a notice: the title of its messages, where a channel has none of its own. */
  title?: string;
} & Origin;

/** Where it comes from where that is not the own network as it is now, and where to read more. */
export interface Origin {
  /** Name of the uploaded file that it was found in. */
  file?: string;
  /** It is of the simulated home of the demonstration. */
  demo?: true;
  /** Address of its page. */
  link?: string;
}

/** A subject as a summary lists it. */
export type Brief = Pick<Subject, 'id' | 'kind' | 'severity' | 'device' | 'address' | 'ts' | 'sentence'> & {
  /** How many alerts it stands for: beyond a bound they are counted, not listed. */
  count: number;
} & Origin;

/** The subject with every text as one bounded, harmless line: names in it come from the network. */
export function cleanSubject(subject: Subject): Subject {
  const { evidence, advice, uids, facts, ...rest } = subject;
  return {
    ...rest,
    ...(subject.title !== undefined && { title: plainLine(subject.title, WORD) }),
    ...(subject.file !== undefined && { file: plainLine(subject.file, WORD) }),
    id: plainLine(subject.id, WORD),
    device: plainLine(subject.device, WORD),
    address: plainLine(subject.address, WORD),
    sentence: plainLine(subject.sentence, SENTENCE),
    meaning: plainLine(subject.meaning, SENTENCE),
    advice: advice.slice(0, 5).map((step) => plainLine(step, SENTENCE)),
    detector: plainLine(subject.detector, WORD),
    evidence: Object.fromEntries(
      Object.entries(evidence)
        .slice(0, LISTED)
        .map(([name, value]) => [
          plainLine(name, WORD),
          typeof value === 'string' ? plainLine(value, SENTENCE) : value,
        ]),
    ),
    ...(facts && { facts: facts.slice(0, LISTED).map(cleanFact) }),
    uids: uids.slice(0, LISTED).map((uid) => plainLine(uid, WORD)),
  };
}

const cleanFact = ({ name, value, unit, text }: Fact): Fact => ({
  name: plainLine(name, WORD),
  value: typeof value === 'string' ? plainLine(value, SENTENCE) : value,
  unit,
  text: plainLine(text, SENTENCE),
});

/** Without what is not said. */
export const originOf = ({ file, demo, link }: Origin): Origin => ({
  ...(file !== undefined && { file }),
  ...(demo && { demo }),
  ...(link !== undefined && { link }),
});

export const toBrief = ({ id, kind, severity, device, address, ts, sentence, file, demo, link }: Subject): Brief => ({
  ...originOf({ file, demo, link }),
  id,
  kind,
  severity,
  device,
  address,
  ts,
  sentence,
  count: 1,
});
