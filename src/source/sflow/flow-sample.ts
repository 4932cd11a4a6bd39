/** One flow sample: a packet that an agent has picked out, how many it stands for, and what the agent says about it. */
import { type ExportedFlow, emptyFlow } from '../netflow/exported-flow.ts';
import { mac } from '../netflow/value.ts';
import { NOT_IP, readIp, readRawHeader } from './packet-record.ts';
import { boundsOf, type Opaque } from './xdr.ts';

/** Where a sample comes from. */
export interface SampleOrigin {
  /** Source of the datagram, agent and sub-agent. */
  exporter: string;
  /** Of the agent, in milliseconds. */
  uptime: number;
  /** Epoch seconds; null where the datagram is from a file. */
  arrived: number | null;
}

/** Where the sampling rate and the number of records stand; the expanded form has interfaces of 64 bits. */
const compact = { rate: 8, records: 28, length: 32 };
const expanded = { rate: 12, records: 40, length: 44 };

const RAW_HEADER = 1;
const ETHERNET = 2;
const IPV4 = 3;
const IPV6 = 4;
const SWITCH = 1001;

/** Beyond that a rate is not one: counts are multiplied by it. */
const MAX_RATE = 2 ** 24;

/** A reason where the sample cannot be used. */
export function readFlowSample(
  view: DataView,
  { start, end }: Opaque,
  isExpanded: boolean,
  { exporter, uptime, arrived }: SampleOrigin,
): ExportedFlow | string {
  const layout = isExpanded ? expanded : compact;
  if (start + layout.length > end) return 'sflow.short_sample';
  const rate = view.getUint32(start + layout.rate);
  if (rate > MAX_RATE) return 'sflow.bad_rate';
  const records = readRecords(view, start + layout.length, end, view.getUint32(start + layout.records));
  if (typeof records === 'string') return records;
  const flow = emptyFlow(exporter);
  const problem = readPacket(view, records, flow);
  if (problem !== null) return problem;
  flow.packets = Math.max(1, rate);
  flow.bytes = (flow.bytes ?? 0) * flow.packets;
  // An agent that does not say its rate (0) has picked its packets all the same.
  flow.isEstimate = rate !== 1;
  flow.startUptime = uptime;
  flow.endUptime = uptime;
  flow.start = arrived;
  flow.end = arrived;
  return flow;
}

/** The first record of each format; a reason where one does not fit. */
function readRecords(view: DataView, from: number, end: number, count: number): Map<number, Opaque> | string {
  const records = new Map<number, Opaque>();
  let at = from;
  for (let i = 0; i < count; i++) {
    const record = boundsOf(view, at, end);
    if (record === null) return 'sflow.bad_record_length';
    if (!records.has(record.format)) records.set(record.format, record);
    at = record.next;
  }
  return records;
}

/** Gives a reason where there is none. */
function readPacket(view: DataView, records: ReadonlyMap<number, Opaque>, flow: ExportedFlow): string | null {
  const header = records.get(RAW_HEADER);
  const ip = records.get(IPV4) ?? records.get(IPV6);
  const ethernet = records.get(ETHERNET);
  if (ethernet && ethernet.start + 20 <= ethernet.end) {
    flow.sourceMac = mac(view, ethernet.start + 4);
    flow.destinationMac = mac(view, ethernet.start + 12);
  }
  const vlan = records.get(SWITCH);
  if (vlan && vlan.start + 4 <= vlan.end) flow.vlan = view.getUint32(vlan.start) & 0xfff;
  if (header) return readRawHeader(view, header, flow);
  if (ip) return readIp(view, ip, ip.format === IPV6, flow);
  return ethernet ? NOT_IP : 'sflow.no_packet';
}
