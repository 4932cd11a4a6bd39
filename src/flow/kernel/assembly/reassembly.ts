/** TcpReassembly without data beyond a hole, and TcpNumbers: what of a direction was seen and acknowledged. */
import {
  ACK_SEQ, CLOSED, DID_EOF, ESTABLISHED, FIN_SEQ, GAPS, IS_PARTIAL, LAST_SEQ, PREVIOUS_SHIFT, REASSEMBLED_SEQ, RESET,
  RETRANSMISSIONS, SAW_FIN, SKIP_DELIVERIES, START_SEQ, STATE_MASK, TRIMMED_SEQ, WRAPS,
} from '../../table/connection-flags';
import { FLAGS, MISSED } from '../../table/record-layout';
import { MAX_BUFFERED, MAX_UNACKNOWLEDGED, TOO_LARGE_SEQ_DELTA } from '../../table/tcp-constants';
import { real, setReal, setWord, word } from './bytes';
import { addScaled } from './history';

const WORD: f64 = 4_294_967_296;

/** Sets the initial sequence number; what was relative to the old one moves along. */
export function setStart(endpoint: usize, start: i32): void {
  const shift = start - word(endpoint, START_SEQ);
  setWord(endpoint, START_SEQ, start);
  setWord(endpoint, REASSEMBLED_SEQ, word(endpoint, REASSEMBLED_SEQ) + shift);
  setWord(endpoint, TRIMMED_SEQ, word(endpoint, TRIMMED_SEQ) + shift);
  setWord(endpoint, FIN_SEQ, word(endpoint, FIN_SEQ) + shift);
}

/** Before the first number of this side, as far as the number of wraps can tell. */
export function isUnderflow(seq: i32, last: i32, start: i32, wraps: i32): bool {
  if (seq - start >= 0) return false;
  const delta = seq - last;
  let turns = wraps;
  if (delta < 0) {
    if (turns > 0 && <u32>seq > <u32>last) turns--;
  } else if (delta > 0 && <u32>seq < <u32>last) turns++;
  return turns == 0;
}

export function acknowledge(peer: usize, ack: i32): void {
  const before = word(peer, ACK_SEQ);
  const advance = ack - before;
  if (advance <= 0 || (ack == 0 && advance > TOO_LARGE_SEQ_DELTA)) return;
  if (<u32>ack < <u32>before) setWord(peer, WRAPS, word(peer, WRAPS) + 1);
  setWord(peer, ACK_SEQ, ack);
}

/** How far `upper` is beyond what was sent before. */
export function updateLastSeq(record: usize, endpoint: usize, counters: usize, lower: i32, upper: i32, isFin: bool, mayJump: bool, length: i32): i32 {
  const last = word(endpoint, LAST_SEQ);
  const advance = upper - last;
  if (mayJump && (advance > TOO_LARGE_SEQ_DELTA || advance < -TOO_LARGE_SEQ_DELTA)) return advance;
  const isOnlyFin = isFin && last == word(endpoint, START_SEQ) + 1;
  if (!isOnlyFin && (word(endpoint, 0) & STATE_MASK) == RESET) return advance;
  if (isOnlyFin || advance > 0) {
    if (<u32>upper < <u32>last) setWord(endpoint, WRAPS, word(endpoint, WRAPS) + 0x10000);
    setWord(endpoint, LAST_SEQ, upper);
  } else if (length > 0) addScaled(record, counters, RETRANSMISSIONS, 0x54 | lower);
  return advance;
}

/** Payload bytes [first, upper) were captured whole; false where they lie beyond a hole. */
export function dataSent(endpoint: usize, first: i32, upper: i32): bool {
  if ((word(endpoint, 0) & SKIP_DELIVERIES) != 0) return true;
  const trimmed = word(endpoint, TRIMMED_SEQ);
  if (upper - trimmed <= 0) return true;
  const seq = first - trimmed < 0 ? trimmed : first;
  const reassembled = word(endpoint, REASSEMBLED_SEQ);
  if (seq - reassembled > 0) return false;
  if (upper - reassembled > 0) {
    setWord(endpoint, REASSEMBLED_SEQ, upper);
    // Nothing of a lot of data was acknowledged: the other direction is probably not captured at all.
    if (isNothingAcked(endpoint) && endpointSize(endpoint) > MAX_UNACKNOWLEDGED) setWord(endpoint, TRIMMED_SEQ, upper);
  }
  if (word(endpoint, REASSEMBLED_SEQ) - word(endpoint, TRIMMED_SEQ) > MAX_BUFFERED) {
    setWord(endpoint, 0, word(endpoint, 0) | SKIP_DELIVERIES);
  }
  return true;
}

function isNothingAcked(endpoint: usize): bool {
  return (word(endpoint, WRAPS) & 0xffff) == 0 && <u32>(word(endpoint, ACK_SEQ) - word(endpoint, START_SEQ)) <= 1;
}

/** As in ../../tcp-size.ts. In doubles as there: asc's optimizer makes something else of the same in 64-bit integers. */
function endpointSize(endpoint: usize): f64 {
  const wraps = word(endpoint, WRAPS);
  const last = <f64>(wraps >>> 16) * WORD + <f64><u32>word(endpoint, LAST_SEQ);
  const acked = <f64>(wraps & 0xffff) * WORD + <f64><u32>word(endpoint, ACK_SEQ);
  let size = max<f64>(last, acked) - <f64><u32>word(endpoint, START_SEQ);
  if (size < 0) size += WORD;
  if (size > 0) size -= 1;
  if ((word(endpoint, 0) & SAW_FIN) != 0 && size > 0) size -= 1;
  return size;
}

/** The peer acknowledged everything below `ack`: what is missing there will not come any more. */
export function ackReceived(record: usize, endpoint: usize, peer: usize, counters: usize, lower: i32, ack: i32): void {
  let seq = ack;
  const fin = word(endpoint, FIN_SEQ);
  if ((word(endpoint, 0) & SAW_FIN) != 0 && seq - fin >= 0) seq = fin - 1;
  if (seq - word(endpoint, TRIMMED_SEQ) <= 0) return;
  const missing = seq - word(endpoint, REASSEMBLED_SEQ);
  // The first acknowledgement of a connection that was already running says nothing about missing data.
  const isFirst = <u32>(seq - word(endpoint, START_SEQ)) <= 2 && (word(record, FLAGS) & IS_PARTIAL) != 0;
  if (missing > 0 && !isFirst) {
    if ((word(endpoint, 0) & SKIP_DELIVERIES) == 0 && isClean(word(endpoint, 0)) && isClean(word(peer, 0))) {
      addScaled(record, counters, GAPS, 0x47 | lower);
      setReal(record, MISSED, real(record, MISSED) + <f64>missing);
    }
    setWord(endpoint, REASSEMBLED_SEQ, seq);
  }
  setWord(endpoint, TRIMMED_SEQ, seq);
}

function isClean(flags: i32): bool {
  const state = flags & STATE_MASK;
  return state == ESTABLISHED || (state == CLOSED && ((flags >> PREVIOUS_SHIFT) & STATE_MASK) == ESTABLISHED);
}

/** Data of this endpoint, or acknowledgements of the other's, are outstanding. */
export function isDataPending(endpoint: usize, peer: usize): bool {
  if ((word(endpoint, 0) & SKIP_DELIVERIES) != 0) return false;
  const ahead = word(endpoint, LAST_SEQ) - word(endpoint, REASSEMBLED_SEQ);
  if (ahead < 0) return false;
  if (ahead > 1) return true;
  return (word(endpoint, 0) & STATE_MASK) != RESET && word(peer, REASSEMBLED_SEQ) != word(peer, TRIMMED_SEQ);
}

/** True once, when the endpoint has ended and everything it sent was delivered. */
export function reachedEof(endpoint: usize, peer: usize): bool {
  const flags = word(endpoint, 0);
  if ((flags & DID_EOF) != 0) return false;
  const state = flags & STATE_MASK;
  if ((flags & SAW_FIN) == 0 && state != CLOSED && state != RESET) return false;
  if (isDataPending(endpoint, peer)) return false;
  setWord(endpoint, 0, flags | DID_EOF);
  return true;
}
