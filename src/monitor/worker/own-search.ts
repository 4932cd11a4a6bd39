/**
 * Guardian's own search of the network: what it asks hundreds of addresses looks like a scan, and is none. The search
 * is known by who asks (this machine), when (while it runs), whom (its own network) and what (the questions of arp-scan,
 * nmap -sn and the sweep), so that anything else which this machine does in the meantime is judged as ever.
 */
import { macText } from '../../device/observe-packet.ts';
import type { Conn } from '../../flow/conn.ts';
import { parseAddress } from '../../packet/address.ts';
import { ARP_SENDER_IP, arpOperation, isEthernetArp } from '../../packet/layers/link/arp.ts';
import { type Packet, PROTO_ICMP, PROTO_TCP, PROTO_UDP, TCP_ACK, TCP_SYN } from '../../packet/packet.ts';

/** This machine on the network that it searches. */
export interface SearchedNetwork {
  mac: string;
  address: string;
  /** Length of the network prefix in bits. */
  prefix: number;
}

/** The capture tool hands frames on late, and the kernel asks by ARP three times, a second apart. */
const GRACE_SECONDS = 6;
const EARLY_SECONDS = 1;
/** The widest network has 1,022 hosts, each of which is asked four questions at most. */
const MAX_ASKED = 8192;
/** Where nmap without the right to raw frames knocks, and where the sweep sends its byte. */
const isWeb = (port: number): boolean => port === 80 || port === 443;
const DISCARD = 9;

export class OwnSearch {
  #mac = '';
  #address = '';
  #word = 0;
  #mask = 0;
  #from = Number.POSITIVE_INFINITY;
  #until = Number.NEGATIVE_INFINITY;
  /** Questions over IP, by who was asked and how, so that an answer is told from a question. */
  readonly #asked = new Set<string>();

  begin({ mac, address, prefix }: SearchedNetwork, now: number): void {
    this.#mac = mac;
    this.#address = address;
    this.#word = parseAddress(address)!.words[0];
    this.#mask = prefix === 0 ? 0 : -1 << (32 - prefix);
    this.#from = now - EARLY_SECONDS;
    this.#until = Number.POSITIVE_INFINITY;
    this.#asked.clear();
  }

  end(now: number): void {
    this.#until = now + GRACE_SECONDS;
  }

  /** Whether the frame is one of the search's questions, or an answer to one. */
  covers(packet: Packet): boolean {
    if (!this.#runsAt(packet.ts)) return false;
    if (packet.arpOffset >= 0) return this.#isOwnRequest(packet);
    if (packet.ipVersion !== 4) return false;
    const { src0, dst0, proto, srcPort, dstPort } = packet;
    if (src0 === this.#word && this.#isNear(dst0)) {
      if (!this.#asks(packet)) return this.#asked.has(keyOf(proto, dst0, srcPort, dstPort));
      if (this.#asked.size < MAX_ASKED) this.#asked.add(keyOf(proto, dst0, srcPort, dstPort));
      return true;
    }
    if (dst0 !== this.#word || !this.#isNear(src0)) return false;
    return proto === PROTO_ICMP ? srcPort !== ECHO_REQUEST : this.#asked.has(keyOf(proto, src0, dstPort, srcPort));
  }

  /** Whether the connection is one of the search's questions. */
  coversConn({ ts, id_orig_h, id_resp_h, id_resp_p, proto, orig_bytes }: Conn): boolean {
    if (ts === null || !this.#runsAt(ts) || id_orig_h !== this.#address || !id_resp_h) return false;
    const words = parseAddress(id_resp_h);
    if (words === null || words.isIpv6 || !this.#isNear(words.words[0])) return false;
    if (proto === 'tcp') return isWeb(id_resp_p ?? -1) && !orig_bytes;
    return proto === 'icmp' || (proto === 'udp' && id_resp_p === DISCARD);
  }

  #runsAt(ts: number): boolean {
    return ts >= this.#from && ts <= this.#until;
  }

  #isNear(word: number): boolean {
    return (word & this.#mask) === (this.#word & this.#mask);
  }

  #isOwnRequest(packet: Packet): boolean {
    if (!isEthernetArp(packet) || arpOperation(packet) !== 1) return false;
    if (packet.srcMac < 0 || macText(packet.bytes, packet.srcMac) !== this.#mac) return false;
    return packet.view.getInt32(packet.arpOffset + ARP_SENDER_IP) === this.#word;
  }

  /** Echo and timestamp; a SYN or a bare ACK to a web port; a byte to the discard port. */
  #asks({ proto, srcPort, dstPort, tcpFlags, payloadLength }: Packet): boolean {
    if (proto === PROTO_ICMP) return srcPort === ECHO_REQUEST || srcPort === TIMESTAMP_REQUEST;
    if (proto === PROTO_UDP) return dstPort === DISCARD;
    if (proto !== PROTO_TCP || !isWeb(dstPort) || payloadLength > 0) return false;
    const flags = tcpFlags & (TCP_SYN | TCP_ACK);
    return flags === TCP_SYN || tcpFlags === TCP_ACK;
  }
}

/** ICMP types, which stand where others have their source port. */
const ECHO_REQUEST = 8;
const TIMESTAMP_REQUEST = 13;

const keyOf = (proto: number, other: number, ownPort: number, otherPort: number): string =>
  `${proto} ${other} ${ownPort} ${otherPort}`;
