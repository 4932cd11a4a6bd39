/**
 * Decodes one sFlow v5 datagram (sflow.org, sFlow Version 5): an agent's header, then samples that each say how long
 * they are. Never throws: what cannot be read is reported as a reason, and every length is checked before it is used.
 */
import type { ExportedFlow } from '../netflow/exported-flow.ts';
import type { Exporters } from '../netflow/exporters.ts';
import { MAX_MESSAGE, type MessageSink } from '../netflow/message.ts';
import { ipv4, ipv6 } from '../netflow/value.ts';
import { readFlowSample } from './flow-sample.ts';
import { NOT_IP } from './packet-record.ts';
import { boundsOf, type Opaque } from './xdr.ts';

export interface SampleSink extends Omit<MessageSink, 'flow'> {
  /** One packet that was sampled; its counters are scaled. */
  packet(flow: ExportedFlow): void;
}

const VERSION = 5;
/** Bytes of the agent's address, by its type. */
const addressLengths: Readonly<Record<number, number>> = { 1: 4, 2: 16 };
/** A data format is an enterprise (20 bits; 0 is sFlow's own) and a number. */
const FLOWS = 1;
const COUNTERS = 2;
const EXPANDED_FLOWS = 3;
const EXPANDED_COUNTERS = 4;

/** NetFlow v5 begins with its version in two bytes, sFlow with its own in four. */
export const isSflow = (view: DataView, at = 0): boolean =>
  view.byteLength >= at + 8 && view.getUint32(at) === VERSION && view.getUint32(at + 4) in addressLengths;

interface Header {
  agent: string;
  /** Parts of an agent that count for themselves. */
  subAgent: number;
  /** Number of the datagram, from each sub-agent. */
  sequence: number;
  /** Milliseconds. */
  uptime: number;
  samples: number;
  end: number;
}

/** Null where it is cut off. */
function readHeader(view: DataView, at: number): Header | null {
  const type = view.getUint32(at + 4);
  const rest = at + 8 + addressLengths[type];
  if (rest + 16 > view.byteLength) return null;
  return {
    agent: type === 1 ? ipv4(view, at + 8) : ipv6(view, at + 8),
    subAgent: view.getUint32(rest),
    sequence: view.getUint32(rest + 4),
    uptime: view.getUint32(rest + 8),
    samples: view.getUint32(rest + 12),
    end: rest + 16,
  };
}

/**
 * `exporter` is the address that the datagram came from, `arrived` when, in epoch seconds, where it is live: sFlow
 * itself tells no time. Gives whether the agent is one that samples packets; one that only counts shows nothing.
 */
export function decodeDatagram(
  view: DataView,
  exporter: string,
  exporters: Exporters,
  sink: SampleSink,
  arrived: number | null = null,
): boolean {
  const header = readHeader(view, 0);
  if (header === null) {
    sink.reject('sflow.short_header');
    return false;
  }
  const { agent, subAgent, sequence, uptime, samples } = header;
  const part = `${agent}/${subAgent}`;
  const domain = exporters.domain(exporter, 'sflow', part, 'message');
  const origin = { exporter: `${exporter} ${part}`, uptime, arrived };
  let flows = 0;
  let at = header.end;
  for (let i = 0; i < samples; i++) {
    const sample = boundsOf(view, at, view.byteLength);
    if (sample === null) {
      sink.reject('sflow.bad_sample_length');
      break;
    }
    at = sample.next;
    if (sample.format === FLOWS || sample.format === EXPANDED_FLOWS) {
      flows++;
      const found = readFlowSample(view, sample, sample.format === EXPANDED_FLOWS, origin);
      if (found === NOT_IP) sink.weird(found);
      else if (typeof found === 'string') sink.reject(found);
      else deliver(found, sink);
      if (found === NOT_IP || typeof found !== 'string') domain.understood++;
    } else sink.weird(isCounters(sample) ? 'sflow.counters' : 'sflow.other_sample');
  }
  sink.lost(domain.sequence.next(sequence, flows, uptime));
  return domain.understood > 0;
}

const isCounters = ({ format }: Opaque): boolean => format === COUNTERS || format === EXPANDED_COUNTERS;

function deliver(flow: ExportedFlow, sink: SampleSink): void {
  if (flow.isEstimate) sink.weird('sflow.sampled');
  sink.packet(flow);
}

/** Bytes of the datagram at `at` of a file; null where that cannot be said (yet). May be more than there is. */
export function datagramLength(view: DataView, at: number, last: boolean): number | null {
  if (!isSflow(view, at)) return null;
  const cut = last ? view.byteLength - at + 1 : null;
  const header = readHeader(view, at);
  if (header === null) return cut;
  let end = header.end;
  for (let i = 0; i < header.samples; i++) {
    if (end - at > MAX_MESSAGE) return null;
    if (end + 8 > view.byteLength) return cut;
    end += 8 + Math.ceil(view.getUint32(end + 4) / 4) * 4;
  }
  return end - at > MAX_MESSAGE ? null : end - at;
}
