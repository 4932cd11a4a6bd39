/**
 * Decodes one export message: NetFlow v5, v9 (RFC 3954) or IPFIX (RFC 7011). Never throws: what cannot be read is
 * reported as a reason, and every length is checked before it is used.
 */
import {
  type ExportClock,
  type ExportedFlow,
  elements,
  emptyFlow,
  ipv4,
  REVERSE_ENTERPRISE,
  reverseElements,
  SYSTEM_INIT_MILLISECONDS,
  samplingElements,
  unsigned,
} from './element.ts';
import { type Exporters, type Template, type TemplateCache, type TemplateField, VARIABLE } from './template.ts';

export interface MessageSink {
  flow(flow: ExportedFlow): void;
  /** A record, a set or a whole message that cannot be used. */
  reject(reason: string): void;
  weird(name: string): void;
}

const V5_HEADER = 24;
const V5_RECORD = 48;
const V9_HEADER = 20;
const IPFIX_HEADER = 16;
const SET_HEADER = 4;
/** Template sets of v9 are 0 and 1, of IPFIX 2 and 3. */
const templateSets: Readonly<Record<number, 'template' | 'options'>> = {
  0: 'template',
  1: 'options',
  2: 'template',
  3: 'options',
};

export function decodeMessage(view: DataView, exporter: string, exporters: Exporters, sink: MessageSink): void {
  const version = view.byteLength >= 2 ? view.getUint16(0) : 0;
  if (version === 5) decodeV5(view, sink);
  else if (version === 9 && view.byteLength >= V9_HEADER) decodeV9(view, exporter, exporters, sink);
  else if (version === 10 && view.byteLength >= IPFIX_HEADER) decodeIpfix(view, exporter, exporters, sink);
  else sink.reject('netflow.unknown_version');
}

function decodeV5(view: DataView, sink: MessageSink): void {
  if (view.byteLength < V5_HEADER) {
    sink.reject('netflow.short_header');
    return;
  }
  const count = view.getUint16(2);
  const boot = view.getUint32(8) + view.getUint32(12) / 1e9 - view.getUint32(4) / 1e3;
  if ((view.getUint16(22) & 0x3fff) > 1) sink.weird('netflow.sampled');
  for (let i = 0; i < count; i++) {
    const at = V5_HEADER + i * V5_RECORD;
    if (at + V5_RECORD > view.byteLength) {
      sink.reject('netflow.short_record');
      return;
    }
    const flow = emptyFlow();
    flow.source = ipv4(view, at);
    flow.destination = ipv4(view, at + 4);
    flow.packets = view.getUint32(at + 16);
    flow.bytes = view.getUint32(at + 20);
    flow.start = boot + view.getUint32(at + 24) / 1e3;
    flow.end = boot + view.getUint32(at + 28) / 1e3;
    flow.sourcePort = view.getUint16(at + 32);
    flow.destinationPort = view.getUint16(at + 34);
    flow.flags = view.getUint8(at + 37);
    flow.proto = view.getUint8(at + 38);
    sink.flow(flow);
  }
}

function decodeV9(view: DataView, exporter: string, exporters: Exporters, sink: MessageSink): void {
  const exported = view.getUint32(8);
  const clock = { boot: exported - view.getUint32(4) / 1e3, exported };
  decodeSets(view, V9_HEADER, view.byteLength, exporters.cacheOf(exporter, view.getUint32(16)), clock, false, sink);
}

function decodeIpfix(view: DataView, exporter: string, exporters: Exporters, sink: MessageSink): void {
  const length = view.getUint16(2);
  if (length > view.byteLength || length < IPFIX_HEADER) {
    sink.reject('netflow.bad_length');
    return;
  }
  const cache = exporters.cacheOf(exporter, view.getUint32(12));
  decodeSets(view, IPFIX_HEADER, length, cache, { boot: cache.boot, exported: view.getUint32(4) }, true, sink);
}

function decodeSets(
  view: DataView,
  from: number,
  end: number,
  cache: TemplateCache,
  clock: ExportClock,
  ipfix: boolean,
  sink: MessageSink,
): void {
  let at = from;
  while (at + SET_HEADER <= end) {
    const id = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if (length < SET_HEADER || at + length > end) {
      sink.reject('netflow.bad_set_length');
      return;
    }
    const [start, stop] = [at + SET_HEADER, at + length];
    const kind = templateSets[id];
    if (kind) readTemplates(view, start, stop, kind === 'options', ipfix, cache, sink);
    else if (id >= 256) {
      const template = cache.get(id);
      if (template) readRecords(view, start, stop, template, cache, clock, sink);
      else sink.reject('netflow.unknown_template');
    } else sink.reject('netflow.reserved_set');
    at = stop;
  }
}

function readTemplates(
  view: DataView,
  from: number,
  end: number,
  options: boolean,
  ipfix: boolean,
  cache: TemplateCache,
  sink: MessageSink,
): void {
  // v9's options templates count bytes of scopes and of options; all others count fields.
  const header = options ? 6 : 4;
  let at = from;
  while (at + (ipfix ? 4 : header) <= end) {
    const id = view.getUint16(at);
    const second = view.getUint16(at + 2);
    if (ipfix && second === 0) {
      cache.withdraw(id);
      at += 4;
      continue;
    }
    if (id < 256) return; // padding
    if (at + header > end) break;
    const count = options && !ipfix ? (second + view.getUint16(at + 4)) / 4 : second;
    const fields: TemplateField[] = [];
    let next = at + header;
    for (let i = 0; i < count && next + 4 <= end; i++) {
      const type = view.getUint16(next);
      const enterprise = ipfix && type >= 0x8000;
      if (enterprise && next + 8 > end) break;
      const number = enterprise ? view.getUint32(next + 4) : 0;
      fields.push({ element: type & (ipfix ? 0x7fff : 0xffff), enterprise: number, length: view.getUint16(next + 2) });
      next += enterprise ? 8 : 4;
    }
    if (fields.length !== count || !cache.set(id, fields, options)) {
      sink.reject('netflow.bad_template');
      return;
    }
    at = next;
  }
}

function readRecords(
  view: DataView,
  from: number,
  end: number,
  template: Template,
  cache: TemplateCache,
  clock: ExportClock,
  sink: MessageSink,
): void {
  let at = from;
  // What is shorter than a record is padding.
  while (at + template.minimum <= end) {
    const flow = emptyFlow();
    const next = template.options
      ? walkRecord(view, at, end, template, (field, offset, length) =>
          readOption(cache, view, field, offset, length, sink),
        )
      : walkRecord(view, at, end, template, ({ element, enterprise }, offset, length) => {
          const readers = enterprise === 0 ? elements : enterprise === REVERSE_ENTERPRISE ? reverseElements : null;
          readers?.get(element)?.(flow, view, offset, length, clock);
        });
    if (next < 0) {
      sink.reject('netflow.short_record');
      return;
    }
    if (!template.options) sink.flow(flow);
    at = next;
  }
}

/** What the exporter says about itself. */
function readOption(
  cache: TemplateCache,
  view: DataView,
  { element, enterprise }: TemplateField,
  offset: number,
  length: number,
  sink: MessageSink,
): void {
  if (enterprise !== 0) return;
  if (element === SYSTEM_INIT_MILLISECONDS && length === 8) cache.boot = unsigned(view, offset, length) / 1e3;
  if (samplingElements.has(element) && unsigned(view, offset, length) > 1) sink.weird('netflow.sampled');
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
    // Numbers, times and addresses have at most 16 bytes; longer fields are names and the like.
    if (length > 0 && length <= 16) visit(field, at, length);
    at += length;
  }
  return at;
}
