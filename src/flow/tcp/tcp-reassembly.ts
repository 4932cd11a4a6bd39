import type { History } from '../history.ts';
import {
  ACK_SEQ,
  CLOSED,
  DID_EOF,
  ESTABLISHED,
  FIN_SEQ,
  GAPS,
  HAS_RANGES,
  IS_PARTIAL,
  LAST_SEQ,
  PREVIOUS_SHIFT,
  REASSEMBLED_SEQ,
  RESET,
  SAW_FIN,
  SKIP_DELIVERIES,
  START_SEQ,
  STATE_MASK,
  TRIMMED_SEQ,
  WRAPS,
} from '../table/connection-flags.ts';
import type { ConnectionStore } from '../table/connection-store.ts';
import { FLAGS, MISSED, ORIG_COUNTERS, ORIG_ENDPOINT, RESP_ENDPOINT, WORDS } from '../table/record-layout.ts';
import { MAX_BUFFERED, MAX_UNACKNOWLEDGED } from '../table/tcp-constants.ts';
import { endpointSize } from './tcp-size.ts';

/** Out-of-order ranges of one endpoint, and of all. Beyond them an endpoint is no longer reassembled. */
const MAXIMUM_RANGES = 64;
const MAXIMUM_RANGES_OF_ALL = 65_536;

/** Bytes that arrived beyond a hole: pairs of first and one past last, ascending, apart from each other. */
type Ranges = number[];

/**
 * Follows which bytes of each direction were seen, to find the gaps: what one side acknowledged and the capture does
 * not hold. No byte is kept here, only their numbers. Endpoints are given as word indices of the store.
 */
export class TcpReassembly {
  readonly #store: ConnectionStore;
  readonly #history: History;
  readonly #ranges = new Map<number, Ranges>();
  #rangeCount = 0;

  constructor(store: ConnectionStore, history: History) {
    this.#store = store;
    this.#history = history;
  }

  /** Sets the initial sequence number; what was relative to the old one moves along. */
  setStart(endpoint: number, start: number): void {
    const { words } = this.#store;
    const shift = (start - words[endpoint + START_SEQ]) | 0;
    words[endpoint + START_SEQ] = start;
    words[endpoint + REASSEMBLED_SEQ] += shift;
    words[endpoint + TRIMMED_SEQ] += shift;
    words[endpoint + FIN_SEQ] += shift;
    const ranges = this.#ranges.get(endpoint);
    if (ranges) for (let i = 0; i < ranges.length; i++) ranges[i] = (ranges[i] + shift) | 0;
  }

  /** Payload bytes [first, upper) were captured whole. */
  dataSent(slot: number, endpoint: number, first: number, upper: number): void {
    const { words } = this.#store;
    if ((words[endpoint] & SKIP_DELIVERIES) !== 0) return;
    const trimmed = words[endpoint + TRIMMED_SEQ];
    if (((upper - trimmed) | 0) <= 0) return;
    const seq = ((first - trimmed) | 0) < 0 ? trimmed : first;
    const noDataAcked = this.#noDataAcked(endpoint);
    const reassembled = words[endpoint + REASSEMBLED_SEQ];
    if (((seq - reassembled) | 0) > 0) {
      this.#addRange(slot, endpoint, seq, upper);
    } else if (((upper - reassembled) | 0) > 0) {
      words[endpoint + REASSEMBLED_SEQ] = upper;
      if ((words[slot * WORDS + FLAGS] & HAS_RANGES) !== 0) this.#mergeRanges(endpoint);
      // Nothing of a lot of data was acknowledged: the other direction is probably not captured at all.
      if (noDataAcked && endpointSize(words, endpoint) > MAX_UNACKNOWLEDGED) {
        words[endpoint + TRIMMED_SEQ] = words[endpoint + REASSEMBLED_SEQ];
      }
    }
    const hasRanges = (words[slot * WORDS + FLAGS] & HAS_RANGES) !== 0;
    const buffered = hasRanges ? this.#top(endpoint) - words[endpoint + REASSEMBLED_SEQ] : 0;
    const delivered = words[endpoint + REASSEMBLED_SEQ] - words[endpoint + TRIMMED_SEQ];
    const held = hasRanges ? this.#bytesBeyond(endpoint) : 0;
    if ((noDataAcked && (buffered | 0) > MAX_UNACKNOWLEDGED) || held + (delivered | 0) > MAX_BUFFERED) {
      this.#giveUp(endpoint);
    }
  }

  /** The peer acknowledged everything below `ack`: what is missing there will not come any more. */
  ackReceived(slot: number, endpoint: number, peer: number, ack: number): void {
    const { words } = this.#store;
    let seq = ack;
    if ((words[endpoint] & SAW_FIN) !== 0 && ((seq - words[endpoint + FIN_SEQ]) | 0) >= 0) {
      seq = (words[endpoint + FIN_SEQ] - 1) | 0;
    }
    if (((seq - words[endpoint + TRIMMED_SEQ]) | 0) <= 0) return;
    if (((seq - words[endpoint + REASSEMBLED_SEQ]) | 0) > 0) this.#undelivered(slot, endpoint, peer, seq);
    words[endpoint + TRIMMED_SEQ] = seq;
    if ((words[slot * WORDS + FLAGS] & HAS_RANGES) !== 0) this.#mergeRanges(endpoint);
  }

  #undelivered(slot: number, endpoint: number, peer: number, upTo: number): void {
    const { words } = this.#store;
    const base = slot * WORDS;
    // The first acknowledgement of a connection that was already running says nothing about missing data.
    const relative = (upTo - words[endpoint + START_SEQ]) >>> 0;
    if (relative <= 2 && (words[base + FLAGS] & IS_PARTIAL) !== 0) return;
    if ((words[endpoint] & SKIP_DELIVERIES) === 0) {
      const ranges = (words[base + FLAGS] & HAS_RANGES) === 0 ? undefined : this.#ranges.get(endpoint);
      while (ranges && ranges.length > 0 && ((ranges[0] - upTo) | 0) < 0) {
        this.#gap(slot, endpoint, peer, (ranges[0] - words[endpoint + REASSEMBLED_SEQ]) | 0);
        words[endpoint + REASSEMBLED_SEQ] = ranges[0];
        this.#mergeRanges(endpoint);
      }
      const rest = (upTo - words[endpoint + REASSEMBLED_SEQ]) | 0;
      if (rest > 0) this.#gap(slot, endpoint, peer, rest);
    }
    if (((upTo - words[endpoint + REASSEMBLED_SEQ]) | 0) > 0) words[endpoint + REASSEMBLED_SEQ] = upTo;
  }

  /** Gaps count only where both sides were established and none was reset: elsewhere the numbers are not reliable. */
  #gap(slot: number, endpoint: number, peer: number, length: number): void {
    const { words, floats } = this.#store;
    if (!isClean(words[endpoint]) || !isClean(words[peer])) return;
    const base = slot * WORDS;
    const isOrig = endpoint === base + ORIG_ENDPOINT;
    const counters = ORIG_COUNTERS + (endpoint - base - ORIG_ENDPOINT);
    this.#history.addScaled(slot, base + counters + GAPS, isOrig ? 0x47 : 0x67);
    floats[base / 2 + MISSED] += length;
  }

  /** Data of this endpoint, or acknowledgements of the other's, are outstanding: it is too early to call it closed. */
  dataPending(endpoint: number, peer: number): boolean {
    const { words } = this.#store;
    if ((words[endpoint] & SKIP_DELIVERIES) !== 0) return false;
    const ahead = (words[endpoint + LAST_SEQ] - words[endpoint + REASSEMBLED_SEQ]) | 0;
    if (ahead < 0) return false;
    // One more than was delivered is the FIN.
    if (ahead > 1) return true;
    return (words[endpoint] & STATE_MASK) !== RESET && this.#hasUndelivered(peer);
  }

  /** True once, when the endpoint has ended and everything it sent was delivered. */
  reachedEof(endpoint: number, peer: number): boolean {
    const { words } = this.#store;
    const flags = words[endpoint];
    if ((flags & DID_EOF) !== 0) return false;
    const state = flags & STATE_MASK;
    if ((flags & SAW_FIN) === 0 && state !== CLOSED && state !== RESET) return false;
    if (this.dataPending(endpoint, peer)) return false;
    words[endpoint] |= DID_EOF;
    return true;
  }

  forget(slot: number): void {
    const base = slot * WORDS;
    if (this.#ranges.size === 0) return;
    this.#clearRanges(base + ORIG_ENDPOINT);
    this.#clearRanges(base + RESP_ENDPOINT);
  }

  /** The endpoints of a connection change places. */
  flip(slot: number): void {
    const orig = slot * WORDS + ORIG_ENDPOINT;
    const mine = this.#ranges.get(orig);
    const other = this.#ranges.get(orig + 8);
    this.#ranges.delete(orig);
    this.#ranges.delete(orig + 8);
    if (mine) this.#ranges.set(orig + 8, mine);
    if (other) this.#ranges.set(orig, other);
  }

  #noDataAcked(endpoint: number): boolean {
    const { words } = this.#store;
    const acked = (words[endpoint + ACK_SEQ] - words[endpoint + START_SEQ]) | 0;
    return (words[endpoint + WRAPS] & 0xffff) === 0 && (acked === 0 || acked === 1);
  }

  #hasUndelivered(endpoint: number): boolean {
    const { words } = this.#store;
    return words[endpoint + REASSEMBLED_SEQ] !== words[endpoint + TRIMMED_SEQ] || this.#ranges.has(endpoint);
  }

  /** One past the highest byte that was seen. */
  #top(endpoint: number): number {
    return this.#ranges.get(endpoint)?.at(-1) ?? this.#store.words[endpoint + REASSEMBLED_SEQ];
  }

  /** Bytes that were seen beyond holes; the holes themselves may be of any size. */
  #bytesBeyond(endpoint: number): number {
    const ranges = this.#ranges.get(endpoint) ?? [];
    let bytes = 0;
    for (let i = 0; i < ranges.length; i += 2) bytes += (ranges[i + 1] - ranges[i]) | 0;
    return bytes;
  }

  #giveUp(endpoint: number): void {
    this.#store.words[endpoint] |= SKIP_DELIVERIES;
    this.#clearRanges(endpoint);
  }

  #clearRanges(endpoint: number): void {
    const ranges = this.#ranges.get(endpoint);
    if (!ranges) return;
    this.#rangeCount -= ranges.length / 2;
    this.#drop(endpoint);
  }

  #addRange(slot: number, endpoint: number, first: number, upper: number): void {
    let ranges = this.#ranges.get(endpoint);
    if (!ranges) {
      ranges = [];
      this.#ranges.set(endpoint, ranges);
      this.#store.words[slot * WORDS + FLAGS] |= HAS_RANGES;
    }
    if (ranges.length >= MAXIMUM_RANGES * 2 || this.#rangeCount >= MAXIMUM_RANGES_OF_ALL) {
      this.#giveUp(endpoint);
      return;
    }
    this.#rangeCount -= ranges.length / 2;
    insertRange(ranges, first, upper);
    this.#rangeCount += ranges.length / 2;
  }

  /** Delivers ranges that no hole separates any more from what was reassembled. */
  #mergeRanges(endpoint: number): void {
    const ranges = this.#ranges.get(endpoint);
    if (!ranges) return;
    const { words } = this.#store;
    while (ranges.length > 0 && ((ranges[0] - words[endpoint + REASSEMBLED_SEQ]) | 0) <= 0) {
      if (((ranges[1] - words[endpoint + REASSEMBLED_SEQ]) | 0) > 0) words[endpoint + REASSEMBLED_SEQ] = ranges[1];
      ranges.splice(0, 2);
      this.#rangeCount--;
    }
    if (ranges.length === 0) this.#drop(endpoint);
  }

  /** The endpoint has no range any more; where the other one has none either, the fast path may go on. */
  #drop(endpoint: number): void {
    this.#ranges.delete(endpoint);
    const base = endpoint - (endpoint % WORDS);
    const other = base + ORIG_ENDPOINT + RESP_ENDPOINT - (endpoint - base);
    if (!this.#ranges.has(other)) this.#store.words[base + FLAGS] &= ~HAS_RANGES;
  }
}

function isClean(flags: number): boolean {
  const state = flags & STATE_MASK;
  return state === ESTABLISHED || (state === CLOSED && ((flags >> PREVIOUS_SHIFT) & STATE_MASK) === ESTABLISHED);
}

/** Adds [first, upper) to sorted, separate ranges of wrapping numbers; ranges that touch become one. */
export function insertRange(ranges: number[], first: number, upper: number): void {
  let low = first;
  let high = upper;
  let at = 0;
  while (at < ranges.length && ((ranges[at + 1] - low) | 0) < 0) at += 2;
  let until = at;
  while (until < ranges.length && ((ranges[until] - high) | 0) <= 0) {
    if (((ranges[until] - low) | 0) < 0) low = ranges[until];
    if (((ranges[until + 1] - high) | 0) > 0) high = ranges[until + 1];
    until += 2;
  }
  ranges.splice(at, until - at, low, high);
}
