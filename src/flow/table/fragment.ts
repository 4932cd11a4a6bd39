import { decodeTransport } from '../../packet/decode.ts';
import { Packet } from '../../packet/packet.ts';
import { insertRange } from '../tcp/tcp-reassembly.ts';
import type { Weirds } from '../weird.ts';

/** Seconds that an incomplete datagram is kept (RFC 1122 asks for 60 to 120, Linux takes 30). */
const TIMEOUT = 30;
const MAXIMUM_DATAGRAMS = 4096;
const MAXIMUM_BYTES = 8 << 20;
/** The largest IP packet, and what Zeek finds too small for a fragment that is not the last. */
const MAXIMUM_PAYLOAD = 65_535;
const SMALL_FRAGMENT = 64;
/** Link-layer addresses in front of a datagram that was put together. */
const MACS = 12;

interface Datagram {
  firstSeen: number;
  /** The header of the first fragment seen, up to its payload. */
  header: Uint8Array;
  /** Received pieces that do not overlap: offset of each and its bytes. */
  pieces: { offset: number; bytes: Uint8Array }[];
  /** The same as ranges: pairs of first and one past last. */
  ranges: number[];
  received: number;
  /** Payload length, known from the last fragment. */
  size: number | null;
}

/**
 * Puts IP datagrams together again. Of bytes that come twice the first ones stay, as in Zeek. Memory is bounded by the
 * bytes that were received, the number of datagrams, and time.
 */
export class Fragments {
  readonly #weirds: Pick<Weirds, 'count'>;
  readonly #pending = new Map<string, Datagram>();
  readonly #whole = new Packet();
  #bytes = 0;

  constructor(weirds: Pick<Weirds, 'count'>) {
    this.#weirds = weirds;
  }

  /** The whole packet, which is valid until the next call, or null while something is missing. */
  add(packet: Packet): Packet | null {
    this.#expire(packet.ts);
    if (packet.transportOffset + packet.transportLength > packet.end) return this.#incomplete(packet);
    const upper = packet.fragmentOffset + packet.transportLength;
    if (upper > MAXIMUM_PAYLOAD) {
      this.#weirds.count('excessively_large_fragment');
      return null;
    }
    if (packet.moreFragments && packet.ipTotalLength < SMALL_FRAGMENT) this.#weirds.count('excessively_small_fragment');
    const key = keyOf(packet);
    let datagram = this.#pending.get(key);
    if (datagram === undefined) {
      datagram = this.#start(packet);
      this.#pending.set(key, datagram);
    }
    this.#noteSize(datagram, packet, upper);
    this.#insert(datagram, packet, upper);
    if (datagram.size === null || datagram.ranges[0] !== 0 || datagram.ranges[1] < datagram.size) return null;
    this.#forget(key, datagram);
    return this.#assemble(datagram, packet);
  }

  /** Cut by the capture, it cannot be completed; but the first fragment tells which connection it belongs to. */
  #incomplete(packet: Packet): Packet | null {
    this.#weirds.count('incompletely_captured_fragment');
    return packet.fragmentOffset === 0 && decodeTransport(packet, false) ? packet : null;
  }

  #start(packet: Packet): Datagram {
    if (this.#pending.size >= MAXIMUM_DATAGRAMS || this.#bytes >= MAXIMUM_BYTES) this.#evictOldest();
    // IPv6: without the fragment header, which is the last one before the payload.
    const end = packet.transportOffset - (packet.ipVersion === 6 ? 8 : 0);
    const header = packet.bytes.slice(packet.ipOffset, end);
    return { firstSeen: packet.ts, header, pieces: [], ranges: [], received: 0, size: null };
  }

  #noteSize(datagram: Datagram, packet: Packet, upper: number): void {
    if (datagram.size !== null && (packet.moreFragments ? upper > datagram.size : upper !== datagram.size)) {
      this.#weirds.count('fragment_size_inconsistency');
      datagram.size = Math.max(datagram.size, upper);
    } else if (!packet.moreFragments) datagram.size = upper;
  }

  #insert(datagram: Datagram, packet: Packet, upper: number): void {
    const start = packet.fragmentOffset;
    let from = start;
    let overlaps = false;
    const take = (until: number) => {
      if (until <= from) return;
      const at = packet.transportOffset - start;
      const bytes = packet.bytes.slice(at + from, at + until);
      datagram.pieces.push({ offset: from, bytes });
      datagram.received += bytes.length;
      this.#bytes += bytes.length;
    };
    for (let i = 0; i < datagram.ranges.length; i += 2) {
      const [low, high] = [datagram.ranges[i], datagram.ranges[i + 1]];
      if (high <= from || low >= upper) continue;
      overlaps = true;
      take(low);
      from = Math.max(from, high);
    }
    take(upper);
    if (overlaps) this.#weirds.count('fragment_overlap');
    if (upper > start) insertRange(datagram.ranges, start, upper);
  }

  #assemble(datagram: Datagram, last: Packet): Packet {
    const size = datagram.ranges[1];
    const { header } = datagram;
    const offset = MACS + header.length;
    const bytes = new Uint8Array(offset + size);
    bytes.set(header, MACS);
    for (const piece of datagram.pieces) {
      if (piece.offset < size) bytes.set(piece.bytes, offset + piece.offset);
    }
    const whole = this.#whole;
    Object.assign(whole, last);
    if (last.srcMac >= 0) bytes.set(last.bytes.subarray(last.srcMac, last.srcMac + 6), 0);
    if (last.dstMac >= 0) bytes.set(last.bytes.subarray(last.dstMac, last.dstMac + 6), 6);
    whole.srcMac = last.srcMac >= 0 ? 0 : -1;
    whole.dstMac = last.dstMac >= 0 ? 6 : -1;
    whole.bytes = bytes;
    whole.view = new DataView(bytes.buffer);
    whole.offset = 0;
    whole.end = bytes.length;
    whole.origlen = bytes.length;
    whole.wireEnd = bytes.length;
    whole.ipOffset = MACS;
    whole.ipTotalLength = header.length + size;
    whole.transportOffset = offset;
    whole.transportLength = size;
    whole.isFragment = false;
    if (!decodeTransport(whole, false)) whole.srcPort = -1;
    return whole;
  }

  #forget(key: string, datagram: Datagram): void {
    this.#pending.delete(key);
    this.#bytes -= datagram.received;
  }

  #evictOldest(): void {
    for (const [key, datagram] of this.#pending) {
      this.#weirds.count('fragment_evicted');
      this.#forget(key, datagram);
      return;
    }
  }

  /** The map keeps the order of arrival, so the oldest come first. */
  #expire(now: number): void {
    for (const [key, datagram] of this.#pending) {
      if (now - datagram.firstSeen < TIMEOUT) return;
      this.#weirds.count('fragment_timeout');
      this.#forget(key, datagram);
    }
  }
}

function keyOf(packet: Packet): string {
  const { src0, src1, src2, src3, dst0, dst1, dst2, dst3, fragmentId, ipVersion } = packet;
  if (ipVersion === 4) return `${src0}:${dst0}:${fragmentId}`;
  return `${src0}:${src1}:${src2}:${src3}:${dst0}:${dst1}:${dst2}:${dst3}:${fragmentId}`;
}
