/**
 * Decodes one export message: NetFlow v1, v5, v7, v9 (RFC 3954) or IPFIX (RFC 7011). Never throws: what cannot be read
 * is reported as a reason, and every length is checked before it is used. Flows are handed on when the whole message
 * was read: its options count for its own records too.
 */
import { complete, EARLIEST } from './complete.ts';
import type { Domain, ExportClock } from './domain.ts';
import type { ExportedFlow } from './exported-flow.ts';
import type { Exporters } from './exporters.ts';
import { decodeLegacy, legacyLayouts } from './legacy.ts';
import { readRecords, type SetSink } from './record.ts';
import { readTemplates } from './template-set.ts';

export interface MessageSink {
  flow(flow: ExportedFlow): void;
  /** A record, a set or a whole message that cannot be used. */
  reject(reason: string, count?: number): void;
  weird(name: string): void;
  /** Records that never arrived, by the numbers of the messages; negative: they came after all. */
  lost(records: number): void;
}

/** No datagram is longer. */
export const MAX_MESSAGE = 65_535;

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

/** `arrived` is when a live message came, in epoch seconds: it stands for the clock of an exporter that has none. */
export function decodeMessage(
  view: DataView,
  exporter: string,
  exporters: Exporters,
  sink: MessageSink,
  arrived: number | null = null,
): void {
  const version = view.byteLength >= 2 ? view.getUint16(0) : 0;
  const datagram = { view, exporter, exporters, sink, arrived };
  if (Object.hasOwn(legacyLayouts, version)) decodeFixed(version, datagram);
  else if (version === 9 && view.byteLength >= V9_HEADER) decodeV9(datagram);
  else if (version === 10 && view.byteLength >= IPFIX_HEADER) decodeIpfix(datagram);
  else sink.reject('netflow.unknown_version');
}

const trusted = (exported: number, arrived: number | null): number | null =>
  exported >= EARLIEST ? exported : arrived;

interface Datagram {
  view: DataView;
  exporter: string;
  exporters: Exporters;
  sink: MessageSink;
  arrived: number | null;
}

function decodeFixed(version: number, { view, exporter, exporters, sink, arrived }: Datagram): void {
  const message = decodeLegacy(view, version, exporter);
  if (message === null) {
    sink.reject('netflow.short_header');
    return;
  }
  const { flows, clock, sequence, engine, sampling, isShort } = message;
  const domain = exporters.domain(exporter, version, engine, 'first record');
  if (sequence !== null) sink.lost(domain.sequence.next(sequence, isShort ? null : flows.length, clock.uptime));
  domain.setSampling(null, Math.max(1, sampling));
  deliver(flows, domain, { ...clock, exported: trusted(clock.exported ?? 0, arrived) }, sink);
  if (isShort) sink.reject('netflow.short_record');
}

function decodeV9({ view, exporter, exporters, sink, arrived }: Datagram): void {
  const clock = { exported: trusted(view.getUint32(8), arrived), uptime: view.getUint32(4) };
  const domain = exporters.domain(exporter, 9, view.getUint32(16), 'message');
  const records = decodeSets(view, V9_HEADER, view.byteLength, { domain, clock, ipfix: false, exporter, sink });
  sink.lost(domain.sequence.next(view.getUint32(12), records, clock.uptime));
}

function decodeIpfix({ view, exporter, exporters, sink, arrived }: Datagram): void {
  const length = view.getUint16(2);
  if (length > view.byteLength || length < IPFIX_HEADER) {
    sink.reject('netflow.bad_length');
    return;
  }
  const domain = exporters.domain(exporter, 10, view.getUint32(12), 'first record');
  const clock = { exported: trusted(view.getUint32(4), arrived), uptime: null };
  const records = decodeSets(view, IPFIX_HEADER, length, { domain, clock, ipfix: true, exporter, sink });
  sink.lost(domain.sequence.next(view.getUint32(8), records));
}

interface Message {
  domain: Domain;
  clock: ExportClock;
  ipfix: boolean;
  exporter: string;
  sink: MessageSink;
}

/** Gives the number of data records; null where nobody can say, because of a template that is not known. */
function decodeSets(view: DataView, from: number, end: number, message: Message): number | null {
  const { domain, clock, ipfix, exporter, sink } = message;
  const flows: ExportedFlow[] = [];
  let records = 0;
  let isComplete = true;
  const found: SetSink = { domain, exporter, flows, reject: (reason) => sink.reject(reason) };
  let at = from;
  while (at + SET_HEADER <= end) {
    const id = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if (length < SET_HEADER || at + length > end) {
      sink.reject('netflow.bad_set_length');
      isComplete = false;
      break;
    }
    const [start, stop] = [at + SET_HEADER, at + length];
    const kind = templateSets[id];
    if (kind) {
      const announced = readTemplates(view, start, stop, kind === 'options', ipfix, domain);
      if (announced === null) sink.reject('netflow.bad_template');
      else if (!ipfix) records += announced.length;
      for (const known of announced ?? []) replay(known, message);
    } else if (id >= 256) {
      const template = domain.template(id);
      if (template) records += readRecords(view, start, stop, template, found);
      else {
        isComplete = false;
        const bytes = new Uint8Array(view.buffer, view.byteOffset + start, stop - start).slice();
        const lost = domain.keep({ id, bytes, clock });
        if (lost > 0) sink.reject('netflow.unknown_template', lost);
      }
    } else {
      sink.reject('netflow.reserved_set');
      isComplete = false;
    }
    at = stop;
  }
  deliver(flows, domain, clock, sink);
  return isComplete ? records : null;
}

/** Sets that came before their template. */
function replay(id: number, { domain, exporter, sink }: Message): void {
  const template = domain.template(id);
  if (template === undefined) return;
  for (const { bytes, clock } of domain.release(id)) {
    const flows: ExportedFlow[] = [];
    const found = { domain, exporter, flows, reject: (reason: string) => sink.reject(reason) };
    readRecords(new DataView(bytes.buffer), 0, bytes.length, template, found);
    deliver(flows, domain, clock, sink);
  }
}

function deliver(flows: ExportedFlow[], domain: Domain, clock: ExportClock, sink: MessageSink): void {
  complete(flows, domain, clock, sink);
  if (flows.length > 0) domain.understood++;
  for (const flow of flows) sink.flow(flow);
}
