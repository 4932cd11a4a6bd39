/**
 * Templates of titles and texts: `{{device}}` and the other names of the list, nothing else. There is no engine behind
 * them, so whatever is not on the list stays in the text as it was written.
 */
import { formatTime } from './local-time.ts';
import type { Subject } from './subject.ts';

export const templateVariables = [
  'device',
  'address',
  'kind',
  'severity',
  'sentence',
  'meaning',
  'advice',
  'time',
  'confidence',
  'flows',
  'file',
  'link',
] as const;
type TemplateVariable = (typeof templateVariables)[number];

export function renderTemplate(template: string, subject: Subject, timeZone: string): string {
  const values = new Map<string, string>(
    Object.entries({
      device: subject.device,
      address: subject.address,
      kind: subject.kind,
      severity: subject.severity,
      sentence: subject.sentence,
      meaning: subject.meaning,
      advice: subject.advice.join(' '),
      time: formatTime(subject.ts, timeZone),
      confidence: `${Math.round(subject.confidence * 100)} %`,
      flows: String(subject.flows),
      file: subject.file ?? '',
      link: subject.link ?? '',
    } satisfies Record<TemplateVariable, string>),
  );
  // One pass: a value that looks like a variable is not filled in again.
  return template.replaceAll(/\{\{ ?(\w+) ?\}\}/g, (whole, name: string) => values.get(name) ?? whole);
}
