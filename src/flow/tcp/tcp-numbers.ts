import { TCP_FIN, TCP_RST, TCP_SYN } from '../../packet/packet.ts';
import type { History } from '../history.ts';
import {
  ACK_SEQ,
  CLOSED,
  ESTABLISHED,
  INACTIVE,
  LAST_SEQ,
  PARTIAL,
  PREVIOUS_SHIFT,
  RESET,
  RETRANSMISSIONS,
  START_SEQ,
  STATE_MASK,
  SYN_ACK_SENT,
  SYN_SENT,
  WRAPS,
} from '../table/connection-flags.ts';
import type { ConnectionStore } from '../table/connection-store.ts';
import { ORIG_COUNTERS, RESP_COUNTERS, WORDS } from '../table/record-layout.ts';
import { TOO_LARGE_SEQ_DELTA } from '../table/tcp-constants.ts';
import type { Weirds } from '../weird.ts';
import type { TcpReassembly } from './tcp-reassembly.ts';
import { endpointSize } from './tcp-size.ts';

/** The sequence numbers of each endpoint: where they began, how far they got, how far they were acknowledged. */
export class TcpNumbers {
  readonly #store: ConnectionStore;
  readonly #history: History;
  readonly #reassembly: TcpReassembly;
  readonly #weirds: Weirds;

  constructor(store: ConnectionStore, history: History, reassembly: TcpReassembly, weirds: Weirds) {
    this.#store = store;
    this.#history = history;
    this.#reassembly = reassembly;
    this.#weirds = weirds;
  }

  initEndpoint(endpoint: number, flags: number, seq: number, upper: number): void {
    const { words } = this.#store;
    const state = words[endpoint] & STATE_MASK;
    if (state === INACTIVE) {
      // Without a SYN the numbers are set as though there had been one, so that they begin with 1 all the same.
      const start = (flags & TCP_SYN) !== 0 ? seq : (seq - 1) | 0;
      this.#reassembly.setStart(endpoint, start);
      words[endpoint + ACK_SEQ] = start;
      words[endpoint + LAST_SEQ] = (flags & TCP_SYN) !== 0 ? upper : seq;
      return;
    }
    if ((flags & TCP_SYN) === 0 || state === CLOSED) return;
    if (state === RESET) {
      // The RST may have been forged: the SYN's numbers are better.
      if (((words[endpoint] >> PREVIOUS_SHIFT) & STATE_MASK) !== INACTIVE) return;
    } else {
      if ((state === ESTABLISHED || state === PARTIAL) && endpointSize(words, endpoint) > 0) {
        this.#weirds.count('SYN_inside_connection');
      }
      if (seq !== words[endpoint + START_SEQ]) this.#weirds.count('SYN_seq_jump');
      else if (state === SYN_SENT || state === SYN_ACK_SENT) return;
    }
    this.#reassembly.setStart(endpoint, seq);
    words[endpoint + ACK_SEQ] = seq;
    words[endpoint + LAST_SEQ] = upper;
  }

  initPeer(peer: number, ack: number): void {
    const { words } = this.#store;
    this.#reassembly.setStart(peer, (ack - 1) | 0);
    words[peer + ACK_SEQ] = (ack - 1) | 0;
    words[peer + LAST_SEQ] = (ack - 1) | 0;
  }

  updateAckSeq(peer: number, ack: number): void {
    const { words } = this.#store;
    const advance = (ack - words[peer + ACK_SEQ]) | 0;
    // An acknowledgement of 0 after a large jump is a broken one rather than a large connection.
    if (advance <= 0 || (ack === 0 && advance > TOO_LARGE_SEQ_DELTA)) return;
    if (ack >>> 0 < words[peer + ACK_SEQ] >>> 0) words[peer + WRAPS]++;
    words[peer + ACK_SEQ] = ack;
  }

  updateLastSeq(slot: number, endpoint: number, isOrig: boolean, upper: number, flags: number, length: number): number {
    const { words } = this.#store;
    const last = words[endpoint + LAST_SEQ];
    const advance = (upper - last) | 0;
    const isJump = advance > TOO_LARGE_SEQ_DELTA || advance < -TOO_LARGE_SEQ_DELTA;
    if ((flags & (TCP_SYN | TCP_RST)) !== 0 && isJump) return advance;
    // A FIN straight after the SYN: everything between was not captured, perhaps more than 2 GB.
    const isOnlyFin = (flags & TCP_FIN) !== 0 && last === ((words[endpoint + START_SEQ] + 1) | 0);
    if (!isOnlyFin && (words[endpoint] & STATE_MASK) === RESET) return advance;
    if (isOnlyFin || advance > 0) {
      if (upper >>> 0 < last >>> 0) words[endpoint + WRAPS] += 0x10000;
      words[endpoint + LAST_SEQ] = upper;
    } else if (length > 0) this.#retransmission(slot, isOrig);
    return advance;
  }

  #retransmission(slot: number, isOrig: boolean): void {
    const counters = slot * WORDS + (isOrig ? ORIG_COUNTERS : RESP_COUNTERS);
    this.#history.addScaled(slot, counters + RETRANSMISSIONS, isOrig ? 0x54 : 0x74);
  }
}

/** Before the first number of this side, as far as the number of wraps can tell. */
export function isUnderflow(seq: number, last: number, start: number, wraps: number): boolean {
  if (((seq - start) | 0) >= 0) return false;
  const delta = (seq - last) | 0;
  let turns = wraps;
  if (delta < 0) {
    if (turns > 0 && seq >>> 0 > last >>> 0) turns--;
  } else if (delta > 0 && seq >>> 0 < last >>> 0) turns++;
  return turns === 0;
}
