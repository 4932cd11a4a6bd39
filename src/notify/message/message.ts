/** What a channel sends: composed once when it is decided, the same for every attempt. */
import { type Severity, severityRank } from '../../alert/severity.ts';
import { plainLine } from '../transport/plain-text.ts';
import { formatTime, inOwnZone } from './local-time.ts';
import type { Brief, Origin, Subject } from './subject.ts';
import { renderTemplate } from './template.ts';

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

/** Alerts that a summary lists for a machine that reads it. */
const LISTED = 100;

function textOf(subject: Subject, timeZone: string): string {
  const facts = [
    subject.severity,
    subject.ts > 0 ? `since ${formatTime(subject.ts, timeZone)}` : '',
    subject.kind === 'notice' ? '' : `${subject.kind}, ${Math.round(subject.confidence * 100)} % sure`,
    subject.address,
  ];
  return [
    subject.sentence,
    ...placeOf(subject),
    ...(subject.meaning ? ['', subject.meaning] : []),
    ...(subject.advice.length > 0
      ? ['', 'What to do now:', ...subject.advice.map((step, i) => `${i + 1}. ${step}`)]
      : []),
    '',
    facts.filter(Boolean).join(' · '),
    ...moreAt(subject),
  ].join('\n');
}

/** Nobody takes what is in a file, or in a made-up home, for what happens at home now. */
const placeOf = ({ file, demo }: Origin): string[] => [
  ...(file === undefined ? [] : ['', `Found in the uploaded file "${file}", not in the traffic of now.`]),
  ...(demo ? ['', 'This is the demonstration: a simulated home that is being attacked, not yours.'] : []),
];
const moreAt = ({ link }: Origin): string[] => (link === undefined ? [] : [`Read more: ${link}`]);

const marked = (title: string, { demo }: Origin): string => (demo ? `Demonstration: ${title}` : title);

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

export function composeAlert(told: Subject, type: 'alert' | 'escalation', composing: AlertComposing): Message {
  const { id, now, timeZone, text } = composing;
  const subject = { ...told, sentence: inOwnZone(told.sentence, told.ts, timeZone) };
  const ofFile = subject.file === undefined ? '' : ' in {{file}}';
  const title = composing.title ?? `{{severity}}: {{device}}${ofFile}`;
  const shown = marked(plainLine(renderTemplate(title, subject, timeZone), 200), subject);
  return {
    id,
    type,
    severity: subject.severity,
    ts: Math.floor(now / 1000),
    title: type === 'escalation' ? `Not yet seen by anybody: ${shown}` : shown,
    text: text === undefined ? textOf(subject, timeZone) : renderTemplate(text, subject, timeZone),
    alert: told,
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
    ({ severity, sentence, ts, kind, count: alike, file, link }) =>
      `${severity}: ${inOwnZone(sentence, ts, timeZone)} (${ts > 0 ? formatTime(ts, timeZone) : kind}${file === undefined ? '' : `, in the file "${file}"`})` +
      (alike > 1 ? ` And ${alike - 1} more of the kind "${kind}".` : '') +
      (link === undefined ? '' : ` ${link}`),
  );
  return {
    id,
    type: 'summary',
    severity: worstFirst[0].severity,
    ts: Math.floor(now / 1000),
    title: marked(`${why}: ${count} alert${count === 1 ? '' : 's'}`, worstFirst[0]),
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
