/**
 * DNS messages of a packet. Over UDP the payload is one; over TCP each has its length in front (RFC 1035, 4.2.2), and
 * lies in as many segments as its sender likes.
 */
import type { Link } from '../../../feature/link.ts';
import type { Step } from '../../../feature/link-tracker.ts';
import { DNS_PORT, type DnsMessage, parseDns } from '../../../packet/layers/application/dns.ts';
import { type Packet, PROTO_TCP, PROTO_UDP } from '../../../packet/packet.ts';

const LENGTH = 2;
/** Of a longer message the beginning is read, and nothing is waited for. */
const LONGEST = 4096;

/** Bytes of one direction that are no whole message yet, and the sequence number behind them. */
interface Pending {
  next: number;
  bytes: Uint8Array;
}

export class DnsStream {
  readonly #pending: [WeakMap<Link, Pending>, WeakMap<Link, Pending>] = [new WeakMap(), new WeakMap()];

  /** Messages that the packet completes. */
  read(packet: Packet, { link, direction }: Step): DnsMessage[] {
    const { proto, port } = link.channel;
    const { bytes, payloadOffset: at, payloadCaptured } = packet;
    if (port !== DNS_PORT || payloadCaptured === 0) return [];
    if (proto === PROTO_UDP) return found(parseDns(bytes, at, at + payloadCaptured));
    return proto === PROTO_TCP ? this.#segment(packet, link, direction) : [];
  }

  #segment(packet: Packet, link: Link, direction: 0 | 1): DnsMessage[] {
    const own = this.#pending[direction];
    const { tcpSeq, payloadOffset, payloadLength, payloadCaptured } = packet;
    const before = own.get(link);
    // What comes again was read; where something is missing a message begins anew.
    if (before !== undefined && (before.next - tcpSeq) >> 0 > 0) return [];
    const fresh = packet.bytes.subarray(payloadOffset, payloadOffset + payloadCaptured);
    const goesOn = before !== undefined && before.next === tcpSeq && before.bytes.length > 0;
    let bytes = goesOn ? joined(before.bytes, fresh) : fresh;
    const messages: DnsMessage[] = [];
    while (bytes.length > LENGTH) {
      const end = LENGTH + ((bytes[0] << 8) | bytes[1]);
      // What the capture cut off never comes.
      if (end > bytes.length && end <= LONGEST && payloadCaptured === payloadLength) break;
      messages.push(...found(parseDns(bytes, LENGTH, Math.min(end, bytes.length))));
      bytes = bytes.subarray(Math.min(end, bytes.length));
    }
    own.set(link, { next: (tcpSeq + payloadLength) | 0, bytes: bytes.slice() });
    return messages;
  }
}

const found = (message: DnsMessage | null): DnsMessage[] => (message === null ? [] : [message]);

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
