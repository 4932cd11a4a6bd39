/** A scan on a terminal. */
import type { ReportedAlert, ReportedScan } from './scan-report.ts';

/** Alerts that are told with everything; of the next ones the sentence. */
const WHOLE = 5;
const LISTED = 20;
const WIDTH = 100;

/** @param inWords writes commands as their reader has to */
export function renderText(
  { file, verdict, alerts, further, notes }: ReportedScan,
  inWords: (text: string) => string,
): string {
  const lines = [`${file}: ${verdict}.`];
  for (const alert of alerts.slice(0, WHOLE)) lines.push('', ...whole(alert, inWords));
  const rest = alerts.slice(WHOLE, LISTED);
  if (rest.length > 0) lines.push('');
  for (const { severity, sentence, time } of rest) {
    lines.push(`${severity.padEnd(8)}  ${sentence}${time === '' ? '' : ` (${time})`}`);
  }
  const left = alerts.length - LISTED;
  if (left > 0 || further > 0) {
    lines.push(
      `… and ${Math.max(0, left) + further} more: --report FILE.html and --json list ${further > 0 ? `the first ${alerts.length}` : 'all'}.`,
    );
  }
  lines.push('', ...notes.map((note) => `  ${note}`));
  return `${lines.join('\n')}\n`;
}

function whole(
  { severity, sentence, time, meaning, steps, evidence, next }: ReportedAlert,
  inWords: (text: string) => string,
): string[] {
  const name = Math.max(...evidence.map(([label]) => label.length));
  return [
    `${severity.padEnd(8)}  ${sentence}`,
    ...(time === '' ? [] : [`          ${time}`]),
    ...wrapped(meaning, 10),
    ...section('What to do'),
    ...steps.flatMap((step, i) => wrapped(step, 15, `            ${i + 1}. `)),
    ...section('Evidence'),
    ...evidence.map(([label, value]) => `            ${label.padEnd(name)}  ${value}`),
    ...(next === null ? [] : [...section('Where to look next'), `            ${inWords(next)}`]),
  ];
}

const section = (title: string): string[] => [`          ${title}:`];

/** Lines of a text, indented; a command is never broken. */
function wrapped(text: string, indent: number, first = ' '.repeat(indent)): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ' '.repeat(indent);
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
