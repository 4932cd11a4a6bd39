/** Data sets: records as their template says. */
import type { Domain } from './domain.ts';
import { type ExportedFlow, emptyFlow } from './exported-flow.ts';
import { emptyOption, learn } from './option.ts';
import { type Template, type TemplateField, VARIABLE } from './template.ts';

export interface SetSink {
  domain: Domain;
  exporter: string;
  /** Takes the flows; options go to the domain. */
  flows: ExportedFlow[];
  reject(reason: string): void;
}

/** Names and addresses; what is longer is no element that is read, but for lists. */
const MAX_VALUE = 256;
/** List in list is as far as exporters go. */
const MAX_DEPTH = 2;

/** Gives the number of records. */
export function readRecords(view: DataView, from: number, end: number, template: Template, sink: SetSink): number {
  const { domain, exporter, flows } = sink;
  template.used++;
  let count = 0;
  let at = from;
  // What is shorter than a record is padding.
  while (at + template.minimum <= end) {
    let next: number;
    if (template.isOptions) {
      const option = emptyOption();
      next = walkRecord(view, at, end, template, ({ readOption }, offset, length) =>
        readOption?.(option, view, offset, length),
      );
      if (next >= 0) learn(domain, option);
    } else {
      const flow = emptyFlow(exporter);
      next = readFlow(view, at, end, template, flow, domain, 0);
      if (next >= 0) flows.push(flow);
    }
    if (next < 0) {
      sink.reject('netflow.short_record');
      return count;
    }
    count++;
    at = next;
  }
  return count;
}

function readFlow(
  view: DataView,
  from: number,
  end: number,
  template: Template,
  flow: ExportedFlow,
  domain: Domain,
  depth: number,
): number {
  return walkRecord(view, from, end, template, (field, offset, length) => {
    if (field.read !== null) {
      if (length <= MAX_VALUE) field.read(flow, view, offset, length);
    } else if (field.holdsRecords && depth < MAX_DEPTH) readList(view, offset, length, flow, domain, depth + 1);
  });
}

/** A list of records of other templates about the same flow (RFC 6313, 4.5.3), where YAF keeps the TCP flags. */
function readList(
  view: DataView,
  from: number,
  length: number,
  flow: ExportedFlow,
  domain: Domain,
  depth: number,
): void {
  let at = from + 1;
  const end = from + length;
  while (at + 4 <= end) {
    const template = domain.template(view.getUint16(at));
    const size = view.getUint16(at + 2);
    if (size < 4 || at + size > end) return;
    if (template && !template.isOptions) readFlow(view, at + 4, at + size, template, flow, domain, depth);
    at += size;
  }
}

/** Calls `visit` for each field; gives the offset behind the record, -1 where it runs over the end of its set. */
function walkRecord(
  view: DataView,
  from: number,
  end: number,
  template: Template,
  visit: (field: TemplateField, offset: number, length: number) => void,
): number {
  let at = from;
  for (const field of template.fields) {
    let length = field.length;
    if (length === VARIABLE) {
      if (at + 1 > end) return -1;
      length = view.getUint8(at++);
      if (length === 255) {
        if (at + 2 > end) return -1;
        length = view.getUint16(at);
        at += 2;
      }
    }
    if (at + length > end) return -1;
    if (length > 0) visit(field, at, length);
    at += length;
  }
  return at;
}
