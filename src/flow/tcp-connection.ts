import { type Packet, TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../packet/packet.ts';
import {
  ACK_SEQ,
  CLOSE_DEFERRED,
  CLOSED,
  CLOSING,
  DID_CLOSE,
  ESTABLISHED,
  FIN_SEQ,
  HAS_RANGES,
  HISTORY_FIN,
  HISTORY_RST,
  HISTORY_SYN,
  INACTIVE,
  INTERACTIVE,
  IS_PARTIAL,
  LAST_SEQ,
  PARTIAL,
  PREVIOUS_SHIFT,
  REASSEMBLED_SEQ,
  RESET,
  RETRANSMISSIONS,
  SAW_FIN,
  SEEN_ORIG,
  SEEN_RESP,
  SKIP_DELIVERIES,
  START_SEQ,
  STATE_MASK,
  SYN_ACK_SENT,
  SYN_SENT,
  TRIMMED_SEQ,
  WRAPS,
  ZERO_WINDOWS,
} from './connection-flags.ts';
import {
  type ConnectionStore,
  DEADLINE,
  FLAGS,
  HISTORY_SEEN,
  LAST,
  ORIG_COUNTERS,
  ORIG_ENDPOINT,
  ORIG_IP_BYTES,
  ORIG_PACKETS,
  PORTS,
  RESP_COUNTERS,
  RESP_ENDPOINT,
  RESP_IP_BYTES,
  RESP_PACKETS,
  WORDS,
} from './connection-store.ts';
import type { History } from './history.ts';
import { deadlineOf, type TcpTimeouts } from './tcp-deadline.ts';
import type { TcpReassembly } from './tcp-reassembly.ts';
import { endpointSize } from './tcp-size.ts';
import type { Weirds } from './weird.ts';

/** A jump of the sequence numbers in a SYN or RST beyond this is not believed. */
const TOO_LARGE_SEQ_DELTA = 1_048_576;

/** Less than this outstanding needs no look at Zeek's limits of what it buffers. */
const MAXIMUM_OUTSTANDING = 1 << 20;

/** Bits of `history` that are set once; the responder's are shifted by sixteen. */
const SYN_PACKET = 0x1;
const FIN_PACKET = 0x2;
const RST_PACKET = 0x4;
const FIN_RST_PACKET = 0x8;
const DATA_PACKET = 0x10;
const ACK_PACKET = 0x20;
const MULTI_FLAG_PACKET = 0x40;

/**
 * Follows one TCP connection packet by packet, with the semantics of Zeek's TCP session adapter: sequence numbers,
 * history, the two endpoints' states, and when the connection is over.
 */
export class TcpConnections {
  readonly #store: ConnectionStore;
  readonly #words: Int32Array;
  readonly #floats: Float64Array;
  readonly #openTimeout: number;
  readonly #interactiveTimeout: number;
  readonly #history: History;
  readonly #reassembly: TcpReassembly;
  readonly #weirds: Weirds;
  readonly #timeouts: TcpTimeouts;
  readonly #flip: (slot: number) => void;
  #doClose = false;

  constructor(
    store: ConnectionStore,
    history: History,
    reassembly: TcpReassembly,
    weirds: Weirds,
    timeouts: TcpTimeouts,
    flip: (slot: number) => void,
  ) {
    this.#store = store;
    this.#words = store.words;
    this.#floats = store.floats;
    this.#openTimeout = timeouts.tcpInactivityTimeout;
    this.#interactiveTimeout = timeouts.interactiveInactivityTimeout;
    this.#history = history;
    this.#reassembly = reassembly;
    this.#weirds = weirds;
    this.#timeouts = timeouts;
    this.#flip = flip;
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

  /**
   * What most packets are, in one piece: data or acknowledgement between two sides that both are there. False where
   * it is anything else, and nothing was done.
   */
  takeOpen(slot: number, packet: Packet, isOrig: boolean): boolean {
    const words = this.#words;
    const floats = this.#floats;
    const base = slot * WORDS;
    const at = base / 2;
    const endpoint = base + (isOrig ? ORIG_ENDPOINT : RESP_ENDPOINT);
    const peer = base + (isOrig ? RESP_ENDPOINT : ORIG_ENDPOINT);
    const ownFlags = words[endpoint];
    const peerFlags = words[peer];
    const flags = words[base + FLAGS];
    const length = packet.payloadLength;
    const mask = (length > 0 ? DATA_PACKET : ACK_PACKET) << (isOrig ? 0 : 16);
    const isPlain =
      (packet.tcpFlags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) === TCP_ACK &&
      packet.tcpWindow !== 0 &&
      ((ownFlags | peerFlags) & (DID_CLOSE | SAW_FIN)) === 0 &&
      isOpenState(ownFlags & STATE_MASK) &&
      isOpenState(peerFlags & STATE_MASK) &&
      (words[base + HISTORY_SEEN] & mask) !== 0;
    if (!isPlain) return false;

    const { ts, tcpSeq: seq, tcpAck: ack } = packet;
    const start = words[endpoint + START_SEQ];
    const last = words[endpoint + LAST_SEQ];
    const peerStart = words[peer + START_SEQ];
    // Before the first number, or two gigabytes behind it: rare enough for the long way.
    if (((seq - start) | 0) < 0 || ((ack - peerStart) | 0) < 0) return false;
    const upper = (seq + length) | 0;
    floats[at + LAST] = ts;
    floats[at + DEADLINE] = ts + ((flags & INTERACTIVE) === 0 ? this.#openTimeout : this.#interactiveTimeout);
    words[base + (isOrig ? ORIG_PACKETS : RESP_PACKETS)]++;
    floats[at + (isOrig ? ORIG_IP_BYTES : RESP_IP_BYTES)] += packet.ipTotalLength;

    if (((ack - words[peer + ACK_SEQ]) | 0) > 0) this.#updateAckSeq(peer, ack);
    if (((upper - last) | 0) > 0) {
      if (upper >>> 0 < last >>> 0) words[endpoint + WRAPS] += 0x10000;
      words[endpoint + LAST_SEQ] = upper;
    } else if (length > 0) this.#retransmission(slot, isOrig);

    if (((ack - words[peer + TRIMMED_SEQ]) | 0) > 0) {
      // All of it was seen: nothing is missing, and nothing is waiting.
      const isSeen = ((ack - words[peer + REASSEMBLED_SEQ]) | 0) <= 0 && (flags & HAS_RANGES) === 0;
      if (isSeen) words[peer + TRIMMED_SEQ] = ack;
      else this.#reassembly.ackReceived(slot, peer, endpoint, ack);
    }
    if (length > 0) {
      if (packet.payloadCaptured < length) this.#weirds.truncatedPayloads++;
      else this.#takeData(slot, endpoint, packet, seq);
    }
    return true;
  }

  #retransmission(slot: number, isOrig: boolean): void {
    const counters = slot * WORDS + (isOrig ? ORIG_COUNTERS : RESP_COUNTERS);
    this.#history.addScaled(slot, counters + RETRANSMISSIONS, isOrig ? 0x54 : 0x74);
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
    if (control !== 0 || (words[endpoint] & STATE_MASK) === INACTIVE) this.#initEndpoint(endpoint, flags, seq, upper);
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
      if ((words[peer] & STATE_MASK) === INACTIVE) this.#initPeer(peer, ack);
      else {
        const peerWraps = words[peer + WRAPS] & 0xffff;
        ackUnderflow = isUnderflow(ack, words[peer + ACK_SEQ], words[peer + START_SEQ], peerWraps);
        if (ackUnderflow) this.#weirds.ackUnderflows++;
        else if ((flags & TCP_RST) === 0) this.#updateAckSeq(peer, ack);
      }
    }
    const advance = this.#updateLastSeq(slot, endpoint, isOrig, upper, flags, length);

    this.#doClose = false;
    const state = words[endpoint] & STATE_MASK;
    if (control !== 0 || (state !== ESTABLISHED && state !== PARTIAL)) {
      isOrig = this.#updateState(slot, endpoint, peer, packet, isOrig, advance);
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
      if (packet.payloadCaptured < length) this.#weirds.truncatedPayloads++;
      else this.#takeData(slot, self, packet, (flags & TCP_SYN) !== 0 ? (seq + 1) | 0 : seq);
    }
    this.#checkEof(slot, self, other);
    if (this.#doClose) this.#connectionClosed(slot, self, other);
    if ((words[base + FLAGS] & CLOSING) === 0) floats[base / 2 + DEADLINE] = deadlineOf(store, slot, this.#timeouts);
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

  #initEndpoint(endpoint: number, flags: number, seq: number, upper: number): void {
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

  #initPeer(peer: number, ack: number): void {
    const { words } = this.#store;
    this.#reassembly.setStart(peer, (ack - 1) | 0);
    words[peer + ACK_SEQ] = (ack - 1) | 0;
    words[peer + LAST_SEQ] = (ack - 1) | 0;
  }

  #updateAckSeq(peer: number, ack: number): void {
    const { words } = this.#store;
    const advance = (ack - words[peer + ACK_SEQ]) | 0;
    // An acknowledgement of 0 after a large jump is a broken one rather than a large connection.
    if (advance <= 0 || (ack === 0 && advance > TOO_LARGE_SEQ_DELTA)) return;
    if (ack >>> 0 < words[peer + ACK_SEQ] >>> 0) words[peer + WRAPS]++;
    words[peer + ACK_SEQ] = ack;
  }

  #updateLastSeq(
    slot: number,
    endpoint: number,
    isOrig: boolean,
    upper: number,
    flags: number,
    length: number,
  ): number {
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

  #takeData(slot: number, endpoint: number, packet: Packet, first: number): void {
    const upper = (first + packet.payloadLength) | 0;
    const { words } = this.#store;
    // In order, and some of it acknowledged before: nothing to look after.
    const isNext = first === words[endpoint + REASSEMBLED_SEQ] && (words[endpoint] & SKIP_DELIVERIES) === 0;
    const wasAcked = ((words[endpoint + ACK_SEQ] - words[endpoint + START_SEQ]) | 0) > 1;
    const isShort = ((upper - words[endpoint + TRIMMED_SEQ]) | 0) < MAXIMUM_OUTSTANDING;
    if (isNext && wasAcked && isShort && (words[slot * WORDS + FLAGS] & HAS_RANGES) === 0) {
      words[endpoint + REASSEMBLED_SEQ] = upper;
    } else this.#reassembly.dataSent(slot, endpoint, first, upper);
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

  #setState(endpoint: number, state: number): void {
    const { words } = this.#store;
    const old = words[endpoint] & STATE_MASK;
    if (old === state) return;
    words[endpoint] = (words[endpoint] & ~0xff) | state | (old << PREVIOUS_SHIFT);
  }

  /** Returns whether the packet is the originator's, which a flip changes. */
  #updateState(
    slot: number,
    endpoint: number,
    peer: number,
    packet: Packet,
    isOrig: boolean,
    advance: number,
  ): boolean {
    const { words } = this.#store;
    const flags = packet.tcpFlags;
    switch (words[endpoint] & STATE_MASK) {
      case INACTIVE:
        return this.#updateInactive(slot, endpoint, peer, packet, isOrig);
      case SYN_SENT:
      case SYN_ACK_SENT:
        if ((flags & TCP_FIN) !== 0) this.#close(endpoint, CLOSED);
        if ((flags & TCP_RST) !== 0) this.#close(endpoint, RESET);
        else if (packet.payloadLength > 0) this.#weirds.count('data_before_established');
        return isOrig;
      case ESTABLISHED:
      case PARTIAL:
        this.#updateEstablished(endpoint, peer, flags);
        return isOrig;
      case CLOSED:
        if ((flags & TCP_SYN) !== 0) this.#weirds.count('SYN_after_close');
        if ((flags & TCP_FIN) !== 0 && advance > 0) this.#weirds.count('FIN_advanced_last_seq');
        // After a FIN each way a RST changes nothing any more.
        if ((flags & TCP_RST) !== 0 && (words[peer] & STATE_MASK) !== CLOSED) {
          this.#setState(endpoint, RESET);
          if ((words[endpoint] & DID_CLOSE) === 0) this.#doClose = true;
        }
        return isOrig;
      default:
        if ((flags & TCP_SYN) !== 0) this.#weirds.count('SYN_after_reset');
        if ((flags & TCP_FIN) !== 0) this.#weirds.count('FIN_after_reset');
        if (packet.payloadLength > 0 && (flags & TCP_RST) === 0) this.#weirds.count('data_after_reset');
        return isOrig;
    }
  }

  #close(endpoint: number, state: number): void {
    this.#setState(endpoint, state);
    this.#doClose = true;
  }

  #updateInactive(slot: number, first: number, second: number, packet: Packet, fromOriginator: boolean): boolean {
    const { words } = this.#store;
    const flags = packet.tcpFlags;
    let endpoint = first;
    let peer = second;
    let isOrig = fromOriginator;
    if ((flags & TCP_SYN) !== 0) {
      if (isOrig) {
        if ((flags & TCP_ACK) !== 0) this.#weirds.count('connection_originator_SYN_ack');
        this.#setState(endpoint, (flags & TCP_ACK) !== 0 ? SYN_ACK_SENT : SYN_SENT);
      } else {
        const peerState = words[peer] & STATE_MASK;
        if ((flags & TCP_ACK) !== 0) {
          const start = words[peer + START_SEQ];
          const isBetween = (packet.tcpAck - start) >>> 0 <= (words[peer + LAST_SEQ] - start) >>> 0;
          if (peerState !== INACTIVE && peerState !== PARTIAL && !isBetween) this.#weirds.count('bad_SYN_ack');
        } else if (peerState === SYN_ACK_SENT && packet.tcpSeq === words[endpoint + START_SEQ]) {
          // The SYN was captured behind its SYN-ACK: the sides change places.
          words[slot * WORDS + FLAGS] &= ~IS_PARTIAL;
          this.#flip(slot);
          [endpoint, peer] = [peer, endpoint];
          isOrig = true;
          this.#setState(peer, ESTABLISHED);
        } else this.#weirds.count('simultaneous_open');
        if ((words[peer] & STATE_MASK) === SYN_SENT) this.#setState(peer, ESTABLISHED);
        else if ((words[peer] & STATE_MASK) === INACTIVE) this.#weirds.count('unsolicited_SYN_response');
        this.#setState(endpoint, ESTABLISHED);
        if ((words[peer] & STATE_MASK) === ESTABLISHED) this.#established(slot);
      }
    }
    if ((flags & TCP_FIN) !== 0) {
      this.#close(endpoint, CLOSED);
      if ((words[peer] & STATE_MASK) !== PARTIAL && (flags & TCP_SYN) === 0) this.#weirds.count('spontaneous_FIN');
    }
    if ((flags & TCP_RST) !== 0) {
      this.#close(endpoint, RESET);
      if ((words[peer] & STATE_MASK) === INACTIVE) this.#weirds.count('spontaneous_RST');
    }
    if ((words[endpoint] & STATE_MASK) === INACTIVE) this.#joinUnderway(slot, endpoint, peer, packet, isOrig);
    return isOrig;
  }

  #established(slot: number): void {
    const { words } = this.#store;
    const base = slot * WORDS;
    if (isInteractivePort(words[base + PORTS] & 0xffff)) words[base + FLAGS] |= INTERACTIVE;
  }

  /** The first packet of a side has no control flag: the connection was running before, or the SYN was missed. */
  #joinUnderway(slot: number, endpoint: number, peer: number, packet: Packet, isOrig: boolean): void {
    const { words } = this.#store;
    const peerState = words[peer] & STATE_MASK;
    // Some stacks acknowledge a SYN before they answer it.
    if (!isOrig && packet.payloadLength === 0 && peerState === SYN_SENT) return;
    if ((packet.tcpFlags & TCP_ACK) !== 0 && peerState === ESTABLISHED) {
      this.#setState(endpoint, ESTABLISHED);
      words[slot * WORDS + FLAGS] &= ~IS_PARTIAL;
    } else this.#setState(endpoint, PARTIAL);
  }

  #updateEstablished(endpoint: number, peer: number, flags: number): void {
    const { words } = this.#store;
    const isSynAfterPartial =
      (flags & (TCP_SYN | TCP_ACK)) === TCP_SYN &&
      (words[endpoint] & STATE_MASK) === PARTIAL &&
      (words[peer] & STATE_MASK) === INACTIVE;
    if (isSynAfterPartial) {
      this.#weirds.count('SYN_after_partial');
      this.#setState(endpoint, SYN_SENT);
    }
    if ((flags & TCP_FIN) !== 0 && (flags & TCP_RST) === 0) {
      this.#close(endpoint, CLOSED);
      // A FIN followed by a RST from the other side was a normal end after all.
      const isResetAfterFin =
        (words[peer] & STATE_MASK) === RESET && ((words[peer] >> PREVIOUS_SHIFT) & STATE_MASK) === CLOSED;
      if (isResetAfterFin) this.#setState(peer, CLOSED);
    }
    if ((flags & TCP_RST) !== 0) this.#close(endpoint, RESET);
  }
}

function isOpenState(state: number): boolean {
  return state === ESTABLISHED || state === PARTIAL;
}

/** FTP, SSH, telnet, rlogin. */
function isInteractivePort(port: number): boolean {
  return port === 21 || port === 22 || port === 23 || port === 513;
}

/** Before the first number of this side, as far as the number of wraps can tell. */
function isUnderflow(seq: number, last: number, start: number, wraps: number): boolean {
  if (((seq - start) | 0) >= 0) return false;
  const delta = (seq - last) | 0;
  let turns = wraps;
  if (delta < 0) {
    if (turns > 0 && seq >>> 0 > last >>> 0) turns--;
  } else if (delta > 0 && seq >>> 0 < last >>> 0) turns++;
  return turns === 0;
}
