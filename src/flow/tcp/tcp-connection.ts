import { type Packet, TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../../packet/packet.ts';
import type { History } from '../history.ts';
import {
  ACK_SEQ,
  CLOSE_DEFERRED,
  CLOSED,
  CLOSING,
  DID_CLOSE,
  ESTABLISHED,
  FIN_SEQ,
  HAS_PARENTS,
  HISTORY_FIN,
  HISTORY_RST,
  HISTORY_SYN,
  INACTIVE,
  IS_PARTIAL,
  LAST_SEQ,
  OPEN_ACK,
  OPEN_DATA,
  OPEN_MASK,
  OPEN_RESP_SHIFT,
  PARTIAL,
  REASSEMBLED_SEQ,
  RESET,
  SAW_FIN,
  SEEN_ORIG,
  SEEN_RESP,
  START_SEQ,
  STATE_MASK,
  SYN_ACK_SENT,
  SYN_SENT,
  TRIMMED_SEQ,
  WRAPS,
  ZERO_WINDOWS,
} from '../table/connection-flags.ts';
import type { ConnectionStore } from '../table/connection-store.ts';
import {
  DEADLINE,
  FLAGS,
  HISTORY_SEEN,
  LAST,
  ORIG_COUNTERS,
  ORIG_ENDPOINT,
  RESP_COUNTERS,
  RESP_ENDPOINT,
  WORDS,
} from '../table/record-layout.ts';
import {
  ACK_PACKET,
  DATA_PACKET,
  FIN_PACKET,
  FIN_RST_PACKET,
  MULTI_FLAG_PACKET,
  RST_PACKET,
  SYN_PACKET,
} from '../table/tcp-constants.ts';
import type { Weirds } from '../weird.ts';
import { deadlineOf, type TcpTimeouts } from './tcp-deadline.ts';
import { isUnderflow, TcpNumbers } from './tcp-numbers.ts';
import type { TcpReassembly } from './tcp-reassembly.ts';
import { TcpStates } from './tcp-states.ts';

/**
 * Follows one TCP connection packet by packet, with the semantics of Zeek's TCP session adapter: sequence numbers,
 * history, the two endpoints' states, and when the connection is over.
 */
export class TcpConnections {
  readonly #store: ConnectionStore;
  readonly #history: History;
  readonly #reassembly: TcpReassembly;
  readonly #weirds: Weirds;
  readonly #timeouts: TcpTimeouts;
  readonly #numbers: TcpNumbers;
  readonly #states: TcpStates;

  constructor(
    store: ConnectionStore,
    history: History,
    reassembly: TcpReassembly,
    weirds: Weirds,
    timeouts: TcpTimeouts,
    flip: (slot: number) => void,
  ) {
    this.#store = store;
    this.#history = history;
    this.#reassembly = reassembly;
    this.#weirds = weirds;
    this.#timeouts = timeouts;
    this.#numbers = new TcpNumbers(store, history, reassembly, weirds);
    this.#states = new TcpStates(store, weirds, flip);
  }

  /** Relative sequence numbers begin with 1, behind the SYN. */
  open(slot: number): void {
    const { words } = this.#store;
    const base = slot * WORDS;
    for (const endpoint of [base + ORIG_ENDPOINT, base + RESP_ENDPOINT]) {
      words[endpoint + REASSEMBLED_SEQ] = 1;
      words[endpoint + TRIMMED_SEQ] = 1;
    }
  }

  /** True where a packet with SYN does not belong to the connection with its addresses and ports: it begins another. */
  isReuse(slot: number, packet: Packet): boolean {
    const flags = packet.tcpFlags;
    const { words, floats } = this.#store;
    const base = slot * WORDS;
    const orig = base + ORIG_ENDPOINT;
    const resp = base + RESP_ENDPOINT;
    const origState = words[orig] & STATE_MASK;
    const respState = words[resp] & STATE_MASK;
    let candidate = orig;
    if ((flags & TCP_ACK) !== 0) {
      if (origState !== INACTIVE) return false;
      candidate = resp;
    }
    const isReset = origState === RESET || respState === RESET;
    if (((words[orig] | words[resp]) & DID_CLOSE) === 0) {
      if (packet.tcpSeq === words[candidate + START_SEQ]) return false;
      const state = words[candidate] & STATE_MASK;
      // A SYN that was captured behind its SYN-ACK.
      if (
        (flags & TCP_ACK) === 0 &&
        state === SYN_ACK_SENT &&
        respState === INACTIVE &&
        packet.tcpSeq === words[resp + START_SEQ]
      ) {
        return false;
      }
      this.#weirds.count(state === SYN_SENT ? 'SYN_seq_jump' : 'active_connection_reuse');
    } else if (!isReset) {
      const isActive = (at: number) => (words[at] & STATE_MASK) !== INACTIVE && (words[at] & DID_CLOSE) === 0;
      if (isActive(orig) || isActive(resp)) this.#weirds.count('active_connection_reuse');
      else if (packet.ts - floats[base / 2 + LAST] < this.#timeouts.tcpConnectionLinger) {
        this.#weirds.count('premature_connection_reuse');
      }
    }
    return true;
  }

  /** One packet with a sound checksum. */
  process(slot: number, packet: Packet, fromOriginator: boolean): void {
    const store = this.#store;
    const { words, floats } = store;
    const base = slot * WORDS;
    let isOrig = fromOriginator;
    const endpoint = base + (isOrig ? ORIG_ENDPOINT : RESP_ENDPOINT);
    const peer = base + (isOrig ? RESP_ENDPOINT : ORIG_ENDPOINT);
    const counters = base + (isOrig ? ORIG_COUNTERS : RESP_COUNTERS);
    const flags = packet.tcpFlags;
    const seq = packet.tcpSeq;
    const length = packet.payloadLength;
    const control = flags & (TCP_SYN | TCP_FIN | TCP_RST);

    this.#setPartialStatus(base, flags, isOrig);
    // SYN and FIN take a number each; data of an RST are no part of the stream.
    const segment =
      ((flags & TCP_RST) !== 0 ? 0 : length) + ((flags & TCP_SYN) !== 0 ? 1 : 0) + ((flags & TCP_FIN) !== 0 ? 1 : 0);
    const upper = (seq + segment) | 0;
    if (control !== 0 || (words[endpoint] & STATE_MASK) === INACTIVE)
      this.#numbers.initEndpoint(endpoint, flags, seq, upper);
    const wraps = words[endpoint + WRAPS] >>> 16;
    const underflow = isUnderflow(seq, words[endpoint + LAST_SEQ], words[endpoint + START_SEQ], wraps);
    if (underflow && (flags & TCP_RST) === 0) this.#weirds.underflows++;

    this.#updateHistory(slot, endpoint, counters, isOrig, flags, seq, length);
    if (packet.tcpWindow === 0 && (flags & TCP_RST) === 0) this.#zeroWindow(slot, endpoint, peer, counters, isOrig);
    if ((words[endpoint] & words[peer] & DID_CLOSE) === 0) floats[base / 2 + LAST] = packet.ts;
    if (control !== 0) this.#noteControl(endpoint, flags, upper, length);

    let ackUnderflow = false;
    const ack = packet.tcpAck;
    if ((flags & TCP_ACK) !== 0) {
      if ((words[peer] & STATE_MASK) === INACTIVE) this.#numbers.initPeer(peer, ack);
      else {
        const peerWraps = words[peer + WRAPS] & 0xffff;
        ackUnderflow = isUnderflow(ack, words[peer + ACK_SEQ], words[peer + START_SEQ], peerWraps);
        if (ackUnderflow) this.#weirds.ackUnderflows++;
        else if ((flags & TCP_RST) === 0) this.#numbers.updateAckSeq(peer, ack);
      }
    }
    const advance = this.#numbers.updateLastSeq(slot, endpoint, isOrig, upper, flags, length);

    this.#states.doClose = false;
    const state = words[endpoint] & STATE_MASK;
    if (control !== 0 || (state !== ESTABLISHED && state !== PARTIAL)) {
      isOrig = this.#states.update(slot, endpoint, peer, packet, isOrig, advance);
    }
    // A flip exchanged the two sides' places in the record.
    const self = base + (isOrig ? ORIG_ENDPOINT : RESP_ENDPOINT);
    const other = base + (isOrig ? RESP_ENDPOINT : ORIG_ENDPOINT);
    if ((flags & TCP_ACK) !== 0 && !ackUnderflow) {
      this.#reassembly.ackReceived(slot, other, self, ack);
      this.#checkEof(slot, other, self);
    }
    words[base + FLAGS] |= isOrig ? SEEN_ORIG : SEEN_RESP;
    if (length > 0 && (flags & TCP_RST) === 0 && !underflow) {
      if (packet.payloadCaptured < length) this.#weirds.countTruncated();
      else {
        const first = (flags & TCP_SYN) !== 0 ? (seq + 1) | 0 : seq;
        this.#reassembly.dataSent(slot, self, first, (first + length) | 0);
      }
    }
    this.#checkEof(slot, self, other);
    if (this.#states.doClose) this.#connectionClosed(slot, self, other);
    this.#noteOpen(base);
    if ((words[base + FLAGS] & CLOSING) === 0) floats[base / 2 + DEADLINE] = deadlineOf(store, slot, this.#timeouts);
  }

  /** Tells the fast path which packets it may take next: both sides are there, and the letter is in the history. */
  #noteOpen(base: number): void {
    const { words } = this.#store;
    const orig = words[base + ORIG_ENDPOINT];
    const resp = words[base + RESP_ENDPOINT];
    const seen = words[base + HISTORY_SEEN];
    let flags = words[base + FLAGS] & ~OPEN_MASK;
    const isOpen =
      ((orig | resp) & (DID_CLOSE | SAW_FIN)) === 0 &&
      isOpenState(orig & STATE_MASK) &&
      isOpenState(resp & STATE_MASK) &&
      (flags & HAS_PARENTS) === 0;
    if (isOpen) {
      if ((seen & ACK_PACKET) !== 0) flags |= OPEN_ACK;
      if ((seen & DATA_PACKET) !== 0) flags |= OPEN_DATA;
      if ((seen & (ACK_PACKET << 16)) !== 0) flags |= OPEN_ACK << OPEN_RESP_SHIFT;
      if ((seen & (DATA_PACKET << 16)) !== 0) flags |= OPEN_DATA << OPEN_RESP_SHIFT;
    }
    words[base + FLAGS] = flags;
  }

  #setPartialStatus(base: number, flags: number, isOrig: boolean): void {
    const { words } = this.#store;
    const at = base + FLAGS;
    const seen = words[at];
    if ((seen & (isOrig ? SEEN_ORIG : SEEN_RESP)) !== 0) return;
    if (isOrig) {
      const isPartial = (flags & TCP_SYN) === 0 || (flags & TCP_ACK) !== 0;
      words[at] = isPartial ? seen | IS_PARTIAL : seen & ~IS_PARTIAL;
    } else if ((seen & IS_PARTIAL) === 0 && (flags & TCP_SYN) === 0) words[at] = seen | IS_PARTIAL;
  }

  #updateHistory(
    slot: number,
    endpoint: number,
    counters: number,
    isOrig: boolean,
    flags: number,
    seq: number,
    length: number,
  ): void {
    const { words } = this.#store;
    const history = this.#history;
    const shift = isOrig ? 0 : 16;
    const lower = isOrig ? 0 : 0x20;
    const control = flags & (TCP_SYN | TCP_FIN | TCP_RST);
    if (control === 0) {
      if (length > 0) history.check(slot, DATA_PACKET << shift, 0x44 | lower);
      else if ((flags & TCP_ACK) !== 0) history.check(slot, ACK_PACKET << shift, 0x41 | lower);
      return;
    }
    if ((control & (control - 1)) !== 0) {
      if ((flags & TCP_FIN) !== 0 && (flags & TCP_RST) !== 0)
        history.check(slot, FIN_RST_PACKET << shift, 0x49 | lower);
      else history.check(slot, MULTI_FLAG_PACKET << shift, 0x51 | lower);
      return;
    }
    const relative = (seq - words[endpoint + START_SEQ]) | 0;
    let mask = SYN_PACKET;
    let code = (flags & TCP_ACK) !== 0 ? 0x48 : 0x53;
    let at = counters + HISTORY_SYN;
    let number = relative;
    if ((flags & TCP_FIN) !== 0) {
      // The number of a FIN is behind the data of its packet.
      mask = FIN_PACKET;
      code = 0x46;
      at = counters + HISTORY_FIN;
      number = (relative + length) | 0;
    } else if ((flags & TCP_RST) !== 0) {
      mask = RST_PACKET;
      code = 0x52;
      at = counters + HISTORY_RST;
    }
    if (history.check(slot, mask << shift, code | lower) && number !== words[at]) history.add(slot, code | lower);
    words[at] = number;
  }

  /** A closed window is telling unless it comes with or after a RST, or after the other side's FIN. */
  #zeroWindow(slot: number, endpoint: number, peer: number, counters: number, isOrig: boolean): void {
    const { words } = this.#store;
    if ((words[peer] & STATE_MASK) === CLOSED || (words[endpoint] & STATE_MASK) === RESET) return;
    this.#history.addScaled(slot, counters + ZERO_WINDOWS, isOrig ? 0x57 : 0x77);
  }

  #noteControl(endpoint: number, flags: number, upper: number, length: number): void {
    const { words } = this.#store;
    if ((flags & TCP_SYN) !== 0) {
      if ((flags & TCP_RST) !== 0) this.#weirds.count('TCP_christmas');
      if (length > 0) this.#weirds.count('SYN_with_data');
    }
    if ((flags & TCP_FIN) !== 0) {
      words[endpoint] |= SAW_FIN;
      words[endpoint + FIN_SEQ] = upper;
    }
  }

  #checkEof(slot: number, endpoint: number, peer: number): void {
    const { words } = this.#store;
    if (!this.#reassembly.reachedEof(endpoint, peer)) return;
    const at = slot * WORDS + FLAGS;
    if ((words[at] & CLOSE_DEFERRED) === 0) return;
    this.#connectionClosed(slot, endpoint, peer);
    words[at] &= ~CLOSE_DEFERRED;
  }

  #connectionClosed(slot: number, endpoint: number, peer: number): void {
    const { words, floats } = this.#store;
    const base = slot * WORDS;
    if (this.#reassembly.dataPending(endpoint, peer)) {
      words[base + FLAGS] |= CLOSE_DEFERRED;
      return;
    }
    words[base + FLAGS] &= ~CLOSE_DEFERRED;
    if ((words[endpoint] & DID_CLOSE) !== 0) return;
    words[endpoint] |= DID_CLOSE;
    const isComplete =
      (words[endpoint] & STATE_MASK) === RESET ||
      (words[peer] & DID_CLOSE) !== 0 ||
      (words[peer] & STATE_MASK) === INACTIVE;
    if (!isComplete || (words[base + FLAGS] & CLOSING) !== 0) return;
    words[base + FLAGS] |= CLOSING;
    floats[base / 2 + DEADLINE] = floats[base / 2 + LAST] + this.#timeouts.tcpCloseDelay;
  }
}

function isOpenState(state: number): boolean {
  return state === ESTABLISHED || state === PARTIAL;
}
