/** What a channel sends: composed once when it is decided, the same for every attempt. */
import { type Alert, type AlertKind, alertKinds } from '../../alert/alert.ts';
import { type Severity, severityRank } from '../../alert/severity.ts';
import type { Fact } from '../../alert/words/fact.ts';
import { plainLine } from '../transport/plain-text.ts';
import { formatTime } from './local-time.ts';
import { renderTemplate } from './template.ts';

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
};

/** A subject as a summary lists it. */
export type Brief = Pick<Subject, 'id' | 'kind' | 'severity' | 'device' | 'address' | 'ts' | 'sentence'> & {
  /** How many alerts it stands for: beyond a bound they are counted, not listed. */
  count: number;
};

/** `scan` is the published mail after an upload. */
export type MessageType = 'alert' | 'escalation' | 'summary' | 'scan' | 'test';

export interface Message {
  /** The same for every attempt, so that a receiver can drop what it has seen. */
  id: string;
  type: MessageType;
  /** The worst of what it tells. */
  severity: Severity;
  /** When it was composed, seconds since 1970 UTC. */
  ts: number;
  /** One line. */
  title: string;
  /** Lines of plain text, the title not among them. */
  text: string;
  /** The whole alert of `alert` and `escalation`. */
  alert: Subject | null;
  /** What a summary lists, and how many alerts it stands for. */
  briefs: Brief[];
  count: number;
  /** Number of the scan that `scan` tells of. */
  scan?: number;
}

const SENTENCE = 500;
const WORD = 100;
const LISTED = 100;

/** The subject with every text as one bounded, harmless line: names in it come from the network. */
export function cleanSubject(subject: Subject): Subject {
  const { evidence, advice, uids, facts, ...rest } = subject;
  return {
    ...rest,
    ...(subject.title !== undefined && { title: plainLine(subject.title, WORD) }),
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

export const toBrief = ({ id, kind, severity, device, address, ts, sentence }: Subject): Brief => ({
  id,
  kind,
  severity,
  device,
  address,
  ts,
  sentence,
  count: 1,
});

function textOf(subject: Subject, timeZone: string): string {
  const facts = [
    subject.severity,
    subject.ts > 0 ? `since ${formatTime(subject.ts, timeZone)}` : '',
    subject.kind === 'notice' ? '' : `${subject.kind}, ${Math.round(subject.confidence * 100)} % sure`,
    subject.address,
  ];
  return [
    subject.sentence,
    ...(subject.meaning ? ['', subject.meaning] : []),
    ...(subject.advice.length > 0
      ? ['', 'What to do now:', ...subject.advice.map((step, i) => `${i + 1}. ${step}`)]
      : []),
    '',
    facts.filter(Boolean).join(' · '),
  ].join('\n');
}

interface Composing {
  id: string;
  /** Milliseconds since 1970. */
  now: number;
  timeZone: string;
}

interface AlertComposing extends Composing {
  /** Templates of the channel. */
  title?: string;
  text?: string;
}

export function composeAlert(subject: Subject, type: 'alert' | 'escalation', composing: AlertComposing): Message {
  const { id, now, timeZone, title = '{{severity}}: {{device}}', text } = composing;
  const shown = plainLine(renderTemplate(title, subject, timeZone), 200);
  return {
    id,
    type,
    severity: subject.severity,
    ts: Math.floor(now / 1000),
    title: type === 'escalation' ? `Not yet seen by anybody: ${shown}` : shown,
    text: text === undefined ? textOf(subject, timeZone) : renderTemplate(text, subject, timeZone),
    alert: subject,
    briefs: [],
    count: 1,
  };
}

/** Lines of a summary; the rest is counted. */
const SUMMARY_LINES = 20;

/** `why` opens the title: "While it was quiet", "Daily digest", "Many alerts at once". */
export function composeSummary(briefs: Brief[], why: string, { id, now, timeZone }: Composing): Message {
  const count = briefs.reduce((sum, brief) => sum + brief.count, 0);
  const worstFirst = briefs.toSorted((a, b) => severityRank(b.severity) - severityRank(a.severity) || a.ts - b.ts);
  const listed = worstFirst.slice(0, SUMMARY_LINES);
  const left = count - listed.reduce((sum, brief) => sum + brief.count, 0);
  const lines = listed.map(
    ({ severity, sentence, ts, kind, count: alike }) =>
      `${severity}: ${sentence} (${ts > 0 ? formatTime(ts, timeZone) : kind})` +
      (alike > 1 ? ` And ${alike - 1} more of the kind "${kind}".` : ''),
  );
  return {
    id,
    type: 'summary',
    severity: worstFirst[0].severity,
    ts: Math.floor(now / 1000),
    title: `${why}: ${count} alert${count === 1 ? '' : 's'}`,
    text: [...lines, ...(left > 0 ? [`And ${left} more.`] : [])].join('\n'),
    alert: null,
    briefs: worstFirst.slice(0, LISTED),
    count,
  };
}

export function composeTest(channel: string, { id, now, timeZone }: Composing): Message {
  const ts = Math.floor(now / 1000);
  return {
    id,
    type: 'test',
    severity: 'Low',
    ts,
    title: 'Home IoT Guardian: test message',
    text: `The channel "${channel}" works. Sent ${formatTime(ts, timeZone)}.`,
    alert: null,
    briefs: [],
    count: 0,
  };
}
