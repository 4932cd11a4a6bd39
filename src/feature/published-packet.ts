/**
 * Feature set `published-packet-10`: the ten features of the published network monitor, computed per device over its
 * last 60 packets. Everything lies between 0 and about 1.
 */
import { CHECKSUM_BAD, checkTransport } from '../flow/checksum.ts';
import { isIcmp, type Packet, PROTO_TCP, PROTO_UDP } from '../packet/packet.ts';
import type { Step } from './link-tracker.ts';

export const publishedPacketFeatures = {
  name: 'published-packet-10',
  version: 1,
  features: [
    { name: 'packet_size', unit: '1500 B', meaning: 'size of the packet' },
    { name: 'protocol', unit: 'TCP 1, UDP 0.66, ICMP 0.33, other 0', meaning: 'protocol' },
    { name: 'port_class', unit: 'well-known 0, registered 0.5, dynamic 1', meaning: 'kind of service' },
    { name: 'source_entropy', unit: 'of log2 60', meaning: 'variety of senders' },
    { name: 'destination_entropy', unit: 'of log2 60', meaning: 'variety of receivers' },
    { name: 'since_previous', unit: 'ln ms / ln 1 h', meaning: 'pause before the packet' },
    { name: 'flag_count', unit: 'eighths', meaning: 'TCP flags that are set' },
    { name: 'payload_entropy', unit: 'of 8 bit', meaning: 'randomness of the content' },
    { name: 'ttl', unit: 'of 255', meaning: 'hops that are left' },
    { name: 'checksum_valid', unit: '1 or 0', meaning: 'soundness of the checksum' },
  ],
} as const;

export const PUBLISHED_PACKET_FEATURES = publishedPacketFeatures.features.length;
const WINDOW = 60;
const FULL_ENTROPY = Math.log2(WINDOW);
const HOUR_MS = Math.log1p(3_600_000);
/** Bytes of payload that the entropy is taken of. */
const LOOK = 256;

/** How often each value occurs in the last 60, and the entropy of that in bits; kept up to date step by step. */
class RecentValues {
  private readonly ring: number[] = [];
  private next = 0;
  private readonly counts = new Map<number, number>();

  add(value: number): number {
    const old = this.ring[this.next];
    if (this.ring.length === WINDOW) this.change(old, -1);
    this.ring[this.next] = value;
    this.next = (this.next + 1) % WINDOW;
    this.change(value, 1);
    let entropy = 0;
    for (const count of this.counts.values())
      entropy -= (count / this.ring.length) * Math.log2(count / this.ring.length);
    return entropy;
  }

  private change(value: number, by: number): void {
    const count = (this.counts.get(value) ?? 0) + by;
    if (count === 0) this.counts.delete(value);
    else this.counts.set(value, count);
  }
}

/** The state of one device: its last 60 packets. */
export class PublishedPacketWindow {
  private readonly sources = new RecentValues();
  private readonly destinations = new RecentValues();
  private previous = Number.NaN;

  /** Fills out[offset, 10) for the next packet of the device. */
  encode(packet: Packet, step: Step, out: Float32Array, offset = 0): void {
    const { orig, resp, port } = step.link.channel;
    const [source, destination] = step.direction === 0 ? [orig, resp] : [resp, orig];
    const pause = Number.isNaN(this.previous) ? 0 : Math.max(0, packet.ts - this.previous);
    this.previous = packet.ts;
    const tcp = packet.proto === PROTO_TCP;
    out[offset] = Math.min(1, packet.origlen / 1500);
    out[offset + 1] = tcp ? 1 : packet.proto === PROTO_UDP ? 0.66 : isIcmp(packet.proto) ? 0.33 : 0;
    out[offset + 2] = port < 1024 ? 0 : port < 49_152 ? 0.5 : 1;
    out[offset + 3] = this.sources.add(source.id) / FULL_ENTROPY;
    out[offset + 4] = this.destinations.add(destination.id) / FULL_ENTROPY;
    out[offset + 5] = Math.min(1, Math.log1p(pause * 1000) / HOUR_MS);
    out[offset + 6] = tcp ? bitCount(packet.tcpFlags) / 8 : 0;
    out[offset + 7] = payloadEntropy(packet) / 8;
    out[offset + 8] = packet.ttl / 255;
    out[offset + 9] = checkTransport(packet) === CHECKSUM_BAD ? 0 : 1;
  }
}

function bitCount(flags: number): number {
  let count = 0;
  for (let bits = flags & 0xff; bits !== 0; bits &= bits - 1) count++;
  return count;
}

const histogram = new Uint16Array(256);

/** Bits per byte of the captured payload's beginning. */
function payloadEntropy({ bytes, payloadOffset, payloadCaptured }: Packet): number {
  const length = Math.min(payloadCaptured, LOOK);
  if (length === 0) return 0;
  histogram.fill(0);
  for (let i = 0; i < length; i++) histogram[bytes[payloadOffset + i]]++;
  let entropy = 0;
  for (let value = 0; value < 256; value++) {
    if (histogram[value] > 0) entropy -= (histogram[value] / length) * Math.log2(histogram[value] / length);
  }
  return entropy;
}
