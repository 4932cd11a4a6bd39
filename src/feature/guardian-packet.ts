/**
 * Feature set `guardian-packet`: one packet in the light of its connection, its channel and its originator.
 * Everything is a logarithm, so that a distance of 1 is "a factor of e" in any feature; what spans twice the decades
 * (bytes, times) counts half. No address and no port number enters.
 */
import { type Packet, PROTO_TCP, TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../packet/packet.ts';
import { WINDOWS } from './damped.ts';
import type { Step } from './link-tracker.ts';

interface Feature {
  name: string;
  unit: string;
  /** Meaning, to end the sentence "unusual: …". */
  meaning: string;
}

const perWindow = (name: string, unit: string, meaning: string): Feature[] =>
  ['1s', '10s', '100s'].map((window) => ({
    name: `${name}_${window}`,
    unit,
    meaning: `${meaning} in the last ${window.replace('s', ' s')}`,
  }));

export const guardianPacketFeatures = {
  name: 'guardian-packet',
  version: 1,
  features: [
    { name: 'payload', unit: 'ln B', meaning: 'size of the packet' },
    { name: 'since_last', unit: 'ln ms / 2', meaning: 'pause before the packet' },
    { name: 'since_same', unit: 'ln ms / 2', meaning: 'pause since the last packet in this direction' },
    { name: 'orig_pkts', unit: 'ln packets', meaning: 'packets sent in the connection' },
    { name: 'resp_pkts', unit: 'ln packets', meaning: 'packets received in the connection' },
    { name: 'orig_bytes', unit: 'ln B', meaning: 'bytes sent in the connection' },
    { name: 'resp_bytes', unit: 'ln B', meaning: 'bytes received in the connection' },
    { name: 'age', unit: 'ln ms / 2', meaning: 'age of the connection' },
    { name: 'since_previous', unit: 'ln ms / 2', meaning: 'pause between connections to the same service' },
    ...perWindow('packets', 'ln packets', 'packets to and from the service'),
    ...perWindow('bytes', 'ln B / 2', 'bytes to and from the service'),
    ...perWindow('connections', 'ln connections', 'connections to the service'),
    { name: 'open', unit: 'ln connections', meaning: 'connections to the service open at once' },
    { name: 'usual_size', unit: 'ln B', meaning: 'size of earlier requests to the service' },
    ...perWindow('started', 'ln connections', 'connections begun by the sender'),
    ...perWindow('failed', 'ln connections', 'refused connections of the sender'),
    ...perWindow('spread', 'ln services', 'different services that the sender tried'),
  ] satisfies Feature[],
} as const;

export const PACKET_FEATURES = guardianPacketFeatures.features.length;

/** A pause that has no beginning is taken as a day: longer than any rhythm that the windows can see. */
const NO_PAUSE = 86_400;
/** Requests that ended longer ago say nothing of the connection that is open now. Seconds. */
const MEMORY = 600;
const ln = Math.log1p;
const halfMs = (seconds: number): number => 0.5 * ln(seconds * 1000);

/** Fills `out` [PACKET_FEATURES] for the packet that `step` describes. */
export function packetFeatures(packet: Packet, step: Step, out: Float32Array): void {
  const { link } = step;
  const { channel } = link;
  const { orig } = channel;
  const { ts } = packet;
  const [sent, received] = link.packets;
  let i = 0;
  out[i++] = ln(packet.payloadLength);
  out[i++] = halfMs(step.sinceLast);
  out[i++] = halfMs(step.sinceSame);
  out[i++] = ln(sent);
  out[i++] = ln(received);
  out[i++] = ln(link.bytes[0]);
  out[i++] = ln(link.bytes[1]);
  out[i++] = halfMs(Math.max(0, ts - link.start));
  const pause = link.sincePrevious;
  out[i++] = halfMs(Number.isNaN(pause) ? NO_PAUSE : Math.min(Math.max(0, pause), NO_PAUSE));
  for (let w = 0; w < WINDOWS; w++) out[i++] = ln(channel.packets.at(ts, w));
  for (let w = 0; w < WINDOWS; w++) out[i++] = 0.5 * ln(channel.bytes.at(ts, w));
  for (let w = 0; w < WINDOWS; w++) out[i++] = ln(channel.started.at(ts, w));
  out[i++] = ln(channel.open);
  out[i++] = ts - channel.lastEnd < MEMORY ? channel.usualSize : 0;
  for (let w = 0; w < WINDOWS; w++) out[i++] = ln(orig.started.at(ts, w));
  for (let w = 0; w < WINDOWS; w++) out[i++] = ln(orig.failed.at(ts, w));
  for (let w = 0; w < WINDOWS; w++) out[i++] = ln(orig.spread.at(ts, w));
}

/** Kind of packet as one small number: transport, direction and the role of a TCP segment. */
export function packetContext(packet: Packet, step: Step): number {
  return packet.proto * 16 + step.direction * 8 + segmentRole(packet);
}

function segmentRole(packet: Packet): number {
  const { tcpFlags, payloadLength } = packet;
  if (packet.proto !== PROTO_TCP) return payloadLength > 0 ? 5 : 4;
  if ((tcpFlags & TCP_SYN) !== 0) return (tcpFlags & TCP_ACK) !== 0 ? 1 : 0;
  if ((tcpFlags & TCP_RST) !== 0) return 2;
  if ((tcpFlags & TCP_FIN) !== 0) return 3;
  return payloadLength > 0 ? 5 : 4;
}
