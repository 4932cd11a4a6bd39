/**
 * Feature set `guardian-flow`: one connection record, and what its originator and its channel did lately. Numbers are
 * logarithms, so that a distance of 1 is "a factor of e" in any of them; durations, which span twice the decades,
 * count half. No address and no port number enters; the places of the two ends do (this network, elsewhere, many).
 */
import type { Conn } from '../flow/conn.ts';
import { WINDOWS } from './damped.ts';
import { type Host, HostTable, LocalPrefixes } from './host.ts';
import { Channel, Link } from './link.ts';

const HISTORY = 'SHADFRCshadfr';
const EVENTS: Readonly<Record<string, string>> = {
  S: 'opening request',
  H: 'opening answer',
  A: 'acknowledgement without data',
  D: 'packet with data',
  F: 'end',
  R: 'break-off',
  C: 'packet with a wrong checksum',
};
/** Capital letters are of whoever began the connection. */
const eventOf = (letter: string): string =>
  `${EVENTS[letter.toUpperCase()]} from the ${letter === letter.toUpperCase() ? 'caller' : 'other end'}`;
/** A letter of the history more or less counts as a factor of two in a number. */
const LETTER = Math.LN2;

const windows = (name: string, meaning: string) =>
  ['1s', '10s', '100s'].map((window) => ({
    name: `${name}_${window}`,
    unit: 'ln connections',
    meaning: `${meaning} in the last ${window.replace('s', ' s')}`,
  }));

export const guardianFlowFeatures = {
  name: 'guardian-flow',
  version: 1,
  categories: ['direction', 'proto', 'service', 'conn_state'],
  features: [
    { name: 'orig_bytes', unit: 'ln B', meaning: 'bytes sent' },
    { name: 'resp_bytes', unit: 'ln B', meaning: 'bytes received' },
    { name: 'orig_pkts', unit: 'ln packets', meaning: 'packets sent' },
    { name: 'resp_pkts', unit: 'ln packets', meaning: 'packets received' },
    { name: 'duration', unit: 'ln ms / 2', meaning: 'duration' },
    { name: 'orig_packet_size', unit: 'ln B', meaning: 'mean size of the packets sent' },
    { name: 'resp_packet_size', unit: 'ln B', meaning: 'mean size of the packets received' },
    ...[...HISTORY].map((letter) => ({ name: `history_${letter}`, unit: 'ln 2 or 0', meaning: eventOf(letter) })),
    ...windows('connections', 'connections to the service'),
    ...windows('failed', 'connections that failed'),
  ],
} as const;

export const FLOW_FEATURES = guardianFlowFeatures.features.length;
const NAMES = guardianFlowFeatures.features.map((feature) => feature.name);

/** One record as the detectors see it. The arrays belong to the record. */
export interface FlowPoint {
  /** The device whose traffic it is: the local originator, else the local responder, else the originator. */
  device: Host;
  link: Link;
  /** Values of the feature set's categories, in its order. */
  categories: readonly [direction: string, proto: string, service: string, conn_state: string];
  /** [FLOW_FEATURES] */
  vector: Float32Array;
}

const CHANNEL_CAPACITY = 32_768;
const HOST_CAPACITY = 16_384;
/** States of a connection that never came to be, or was broken off. */
const FAILED = new Set(['S0', 'REJ', 'RSTOS0', 'RSTRH', 'SH', 'SHR']);
const ln = Math.log1p;

/** Turns records, in time order, into points; keeps bounded state of hosts and channels. */
export class FlowFeatures {
  readonly hosts: HostTable;
  private readonly channels = new Map<string, Channel>();
  private now = 0;

  constructor(prefixes = new LocalPrefixes()) {
    this.hosts = new HostTable(HOST_CAPACITY, prefixes);
  }

  /** Null where the record has no addresses: then nobody can be told apart. */
  point(conn: Conn): FlowPoint | null {
    const { id_orig_h, id_resp_h } = conn;
    if (id_orig_h === null || id_resp_h === null) return null;
    const ts = Math.max(this.now, conn.ts ?? this.now);
    this.now = ts;
    const orig = this.hosts.get(id_orig_h, ts);
    const resp = this.hosts.get(id_resp_h, ts);
    // A log knows its own networks, also where they have public addresses.
    if (conn.local_orig === true) orig.scope = 'local';
    if (conn.local_resp === true && resp.scope === 'external') resp.scope = 'local';
    const channel = this.channelOf(orig, resp, conn, ts);
    const link = linkOf(conn, channel, ts);
    channel.started.add(ts, 1);
    channel.lastStart = ts;
    channel.count++;
    if (conn.proto === 'tcp' && FAILED.has(conn.conn_state ?? '')) orig.failed.add(ts, 1);
    const device = orig.scope === 'local' || resp.scope !== 'local' ? orig : resp;
    return { device, link, categories: categoriesOf(conn, orig, resp), vector: vectorOf(conn, channel, ts) };
  }

  /** Of a record that says not when it was: nothing that is counted by time learns of it. */
  untimedLink(conn: Conn): Link | null {
    const { id_orig_h, id_resp_h } = conn;
    if (id_orig_h === null || id_resp_h === null) return null;
    const ts = Math.max(this.now, conn.ts ?? 0);
    const [orig, resp] = [this.hosts.get(id_orig_h, ts), this.hosts.get(id_resp_h, ts)];
    return linkOf(conn, this.channelOf(orig, resp, conn, ts), ts);
  }

  private channelOf(orig: Host, resp: Host, conn: Conn, ts: number): Channel {
    const proto = protoNumber(conn.proto);
    const key = `${orig.id}>${resp.id}:${conn.id_resp_p}:${proto}`;
    let channel = this.channels.get(key);
    if (!channel) {
      if (this.channels.size >= CHANNEL_CAPACITY) this.forget();
      channel = new Channel(orig, resp, proto, conn.id_resp_p ?? 0);
      this.channels.set(key, channel);
    }
    channel.lastSeen = ts;
    return channel;
  }

  private forget(): void {
    const byAge = [...this.channels].sort(([, a], [, b]) => a.lastSeen - b.lastSeen);
    for (const [key] of byAge.slice(0, byAge.length >> 1)) this.channels.delete(key);
  }
}

/** The record as a connection that has been followed to its end. */
function linkOf(conn: Conn, channel: Channel, ts: number): Link {
  const link = new Link(channel, conn.id_orig_p ?? 0, ts);
  link.recorded = true;
  link.packets[0] = conn.orig_pkts ?? 0;
  link.packets[1] = conn.resp_pkts ?? 0;
  link.bytes[0] = conn.orig_bytes ?? 0;
  link.bytes[1] = conn.resp_bytes ?? 0;
  link.lastSeen = ts + (conn.duration ?? 0);
  link.state = conn.conn_state === 'REJ' ? 'refused' : conn.conn_state === 'S0' ? 'attempt' : 'closed';
  return link;
}

const protoNumber = (proto: string | null): number =>
  proto === 'tcp' ? 6 : proto === 'udp' ? 17 : proto === 'icmp' ? 1 : 0;

function categoriesOf(conn: Conn, orig: Host, resp: Host): FlowPoint['categories'] {
  const inside = orig.scope === 'local';
  const to = resp.scope === 'multicast' ? 'many' : resp.scope === 'local' ? 'local' : 'external';
  const direction = `${inside ? 'local' : 'external'} to ${to}`;
  return [direction, conn.proto ?? '-', conn.service ?? '-', conn.conn_state ?? '-'];
}

function vectorOf(conn: Conn, channel: Channel, ts: number): Float32Array {
  const out = new Float32Array(FLOW_FEATURES);
  const sent = conn.orig_pkts ?? 0;
  const received = conn.resp_pkts ?? 0;
  let i = 0;
  out[i++] = ln(conn.orig_bytes ?? 0);
  out[i++] = ln(conn.resp_bytes ?? 0);
  out[i++] = ln(sent);
  out[i++] = ln(received);
  out[i++] = 0.5 * ln((conn.duration ?? 0) * 1000);
  out[i++] = sent > 0 ? ln((conn.orig_ip_bytes ?? conn.orig_bytes ?? 0) / sent) : 0;
  out[i++] = received > 0 ? ln((conn.resp_ip_bytes ?? conn.resp_bytes ?? 0) / received) : 0;
  for (const letter of HISTORY) out[i++] = conn.history?.includes(letter) ? LETTER : 0;
  for (let w = 0; w < WINDOWS; w++) out[i++] = ln(channel.started.at(ts, w));
  for (let w = 0; w < WINDOWS; w++) out[i++] = ln(channel.orig.failed.at(ts, w));
  if (i !== NAMES.length) throw new Error(`${i} values for ${NAMES.length} features`);
  return out;
}
