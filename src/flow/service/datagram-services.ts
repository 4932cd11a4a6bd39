import type { Packet } from '../../packet/packet.ts';
import type { ConnectionStore } from '../table/connection-store.ts';
import { MORE_SERVICES, ORIG_COUNTERS, RESP_COUNTERS, SERVICES, WORDS } from '../table/record-layout.ts';
import { serviceSet } from './service.ts';
import { DTLS_CLIENT, DTLS_SERVER, RDP_UDP_ANSWER, RDP_UDP_SYN, udpService } from './udp-signature.ts';

/** Word of a side's counters that holds how many of its datagrams were looked at. */
const LOOKS = 7;
/** What its datagrams have shown of a handshake; TCP counts retransmissions there. */
const HANDSHAKE = 3;
/** The kernel knows this number too (datagram.ts). */
export const MAXIMUM_LOOKS = 8;

const NTP = serviceSet('ntp');
const DTLS = serviceSet('dtls');
const RDP_UDP = serviceSet('rdpeudp');

/** Recognises the protocols of UDP: by one datagram, or by the handshake of both sides. */
export class DatagramServices {
  readonly #store: ConnectionStore;

  constructor(store: ConnectionStore) {
    this.#store = store;
  }

  /** True asks for originator and responder to be exchanged. */
  look(slot: number, packet: Packet, isOrig: boolean): boolean {
    const { words } = this.#store;
    const base = slot * WORDS;
    const own = base + (isOrig ? ORIG_COUNTERS : RESP_COUNTERS);
    if ((words[base + SERVICES] | words[base + MORE_SERVICES]) !== 0 || words[own + LOOKS] >= MAXIMUM_LOOKS)
      return false;
    words[own + LOOKS]++;
    const isFirst = words[base + ORIG_COUNTERS + LOOKS] + words[base + RESP_COUNTERS + LOOKS] === 1;
    const found = udpService(packet);
    const { low, high, handshake } = found;
    if ((low | high) !== 0) {
      words[base + SERVICES] |= low;
      words[base + MORE_SERVICES] |= high;
      // Nothing more is to be learnt: the kernel, which sees one of the two words, shows no other datagram for it.
      words[base + ORIG_COUNTERS + LOOKS] = MAXIMUM_LOOKS;
      words[base + RESP_COUNTERS + LOOKS] = MAXIMUM_LOOKS;
    }
    if (handshake !== 0) this.#handshake(base, own, isOrig, handshake);
    return isFirst && isOrig && low === NTP.low && isNtpAnswer(packet);
  }

  /** The server's part says what it is, once the client's was seen. */
  #handshake(base: number, own: number, isOrig: boolean, handshake: number): void {
    const { words } = this.#store;
    const other = words[base + (isOrig ? RESP_COUNTERS : ORIG_COUNTERS) + HANDSHAKE];
    words[own + HANDSHAKE] |= handshake;
    if (handshake === DTLS_SERVER && (other & DTLS_CLIENT) !== 0) words[base + MORE_SERVICES] |= DTLS.high;
    if (handshake === RDP_UDP_ANSWER && (other & RDP_UDP_SYN) !== 0) words[base + SERVICES] |= RDP_UDP.low;
  }
}

/** Mode 4: a server's answer. */
function isNtpAnswer(packet: Packet): boolean {
  return packet.srcPort === packet.dstPort && (packet.bytes[packet.payloadOffset] & 0x07) === 4;
}
