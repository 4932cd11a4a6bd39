/**
 * TcpConnections.process for one packet of a connection that is known: handshakes, ends, and data that are not the
 * ordinary next ones. Where the long way would note a weird, keep data apart or exchange the sides, it refuses; what it
 * had changed by then, the caller takes back.
 */
import {
  CLOSE_DEFERRED, CLOSED, CLOSING, DID_CLOSE, ACK_SEQ, ESTABLISHED, FIN_SEQ, HISTORY_FIN, HISTORY_RST, HISTORY_SYN,
  INACTIVE, IS_PARTIAL, LAST_SEQ, OPEN_ACK, OPEN_DATA, OPEN_MASK, OPEN_RESP_SHIFT, PARTIAL, RESET, SAW_FIN, SEEN_ORIG,
  SEEN_RESP, START_SEQ, WRAPS, ZERO_WINDOWS,
} from '../../table/connection-flags';
import {
  DEADLINE, FLAGS, HISTORY_SEEN, LAST, ORIG_COUNTERS, ORIG_ENDPOINT, RESP_COUNTERS, RESP_ENDPOINT,
} from '../../table/record-layout';
import { ACK_PACKET, DATA_PACKET, FIN_PACKET, RST_PACKET, SYN_PACKET } from '../../table/tcp-constants';
import { real, setReal, setWord, word } from './bytes';
import { addLetter, addScaled, checkLetter } from './history';
import {
  ackReceived, acknowledge, dataSent, isDataPending, isUnderflow, reachedEof, setStart, updateLastSeq,
} from './reassembly';
import { closeDelay } from './state';
import { ACK, CLOSES, deadlineOf, FIN, OPEN, REFUSED, RST, stateOf, SYN, updateState } from './tcp-state';

/**
 * False where it is not for us. `isNew`: it opens the connection, with nothing but a SYN. `flags` are those of TCP,
 * `window` may be in any byte order.
 */
export function process(record: usize, isOrig: bool, flags: i32, seq: i32, ack: i32, window: u16, length: i32, isCut: bool, ts: f64, isNew: bool): bool {
  const endpoint = record + ((isOrig ? ORIG_ENDPOINT : RESP_ENDPOINT) << 2);
  const peer = record + ((isOrig ? RESP_ENDPOINT : ORIG_ENDPOINT) << 2);
  const counters = record + ((isOrig ? ORIG_COUNTERS : RESP_COUNTERS) << 2);
  const peerCounters = record + ((isOrig ? RESP_COUNTERS : ORIG_COUNTERS) << 2);
  const lower = isOrig ? 0 : 0x20;
  const control = flags & (SYN | FIN | RST);
  const isReset = control == RST;
  const hasAck = (flags & ACK) != 0;
  if ((control & (control - 1)) != 0) return false;
  // A SYN may begin another connection; one with data is odd.
  const isOrigInactive = stateOf(record + (ORIG_ENDPOINT << 2)) == INACTIVE;
  if (control == SYN && !isNew && (!hasAck || length > 0 || isOrigInactive)) return false;

  setPartialStatus(record, isOrig, control == SYN, hasAck);
  const upper = seq + (isReset ? 0 : length) + (control == SYN || control == FIN ? 1 : 0);
  if (control != 0 || stateOf(endpoint) == INACTIVE) {
    if (stateOf(endpoint) == INACTIVE) initEndpoint(endpoint, control == SYN, seq, upper);
    else if (control == SYN) return false;
  }
  const start = word(endpoint, START_SEQ);
  if (isUnderflow(seq, word(endpoint, LAST_SEQ), start, word(endpoint, WRAPS) >>> 16)) return false;
  updateHistory(record, counters, isOrig, control, hasAck, seq - start, length);
  if (window == 0 && !isReset && stateOf(peer) != CLOSED && stateOf(endpoint) != RESET) {
    addScaled(record, counters, ZERO_WINDOWS, 0x57 | lower);
  }
  if ((word(endpoint, 0) & word(peer, 0) & DID_CLOSE) == 0) setReal(record, LAST, ts);
  if (control == FIN) {
    setWord(endpoint, 0, word(endpoint, 0) | SAW_FIN);
    setWord(endpoint, FIN_SEQ, upper);
  }
  if (hasAck) {
    if (stateOf(peer) == INACTIVE) initPeer(peer, ack - 1);
    else {
      if (isUnderflow(ack, word(peer, ACK_SEQ), word(peer, START_SEQ), word(peer, WRAPS) & 0xffff)) return false;
      if (!isReset) acknowledge(peer, ack);
    }
  }
  const advance = updateLastSeq(record, endpoint, counters, lower, upper, control == FIN, control == SYN || isReset, length);

  const state = stateOf(endpoint);
  const isMoved = control != 0 || (state != ESTABLISHED && state != PARTIAL);
  const outcome = isMoved ? updateState(record, endpoint, peer, isOrig, control | (flags & ACK), ack, length, advance) : OPEN;
  if (outcome == REFUSED) return false;
  if (hasAck) {
    ackReceived(record, peer, endpoint, peerCounters, lower ^ 0x20, ack);
    checkEof(record, peer, endpoint);
  }
  setWord(record, FLAGS, word(record, FLAGS) | (isOrig ? SEEN_ORIG : SEEN_RESP));
  if (length > 0 && !isReset && !isCut && !dataSent(endpoint, seq, seq + length)) return false;
  checkEof(record, endpoint, peer);
  if (outcome == CLOSES) closeConnection(record, endpoint, peer);
  noteOpen(record);
  if ((word(record, FLAGS) & CLOSING) == 0) setReal(record, DEADLINE, deadlineOf(record));
  return true;
}

function setPartialStatus(record: usize, isOrig: bool, isSyn: bool, hasAck: bool): void {
  const flags = word(record, FLAGS);
  if ((flags & (isOrig ? SEEN_ORIG : SEEN_RESP)) != 0) return;
  if (isOrig) setWord(record, FLAGS, !isSyn || hasAck ? flags | IS_PARTIAL : flags & ~IS_PARTIAL);
  else if (!isSyn) setWord(record, FLAGS, flags | IS_PARTIAL);
}

/** Without a SYN the numbers are set as though there had been one, so that they begin with 1 all the same. */
function initEndpoint(endpoint: usize, isSyn: bool, seq: i32, upper: i32): void {
  const start = isSyn ? seq : seq - 1;
  setStart(endpoint, start);
  setWord(endpoint, ACK_SEQ, start);
  setWord(endpoint, LAST_SEQ, isSyn ? upper : seq);
}

function initPeer(peer: usize, start: i32): void {
  setStart(peer, start);
  setWord(peer, ACK_SEQ, start);
  setWord(peer, LAST_SEQ, start);
}

function updateHistory(record: usize, counters: usize, isOrig: bool, control: i32, hasAck: bool, relative: i32, length: i32): void {
  const shift = isOrig ? 0 : 16;
  const lower = isOrig ? 0 : 0x20;
  if (control == 0) {
    if (length > 0) checkLetter(record, DATA_PACKET << shift, 0x44 | lower);
    else if (hasAck) checkLetter(record, ACK_PACKET << shift, 0x41 | lower);
    return;
  }
  let mask = SYN_PACKET;
  let code = hasAck ? 0x48 : 0x53;
  let at = HISTORY_SYN;
  let number = relative;
  if (control == FIN) {
    // The number of a FIN is behind the data of its packet.
    mask = FIN_PACKET;
    code = 0x46;
    at = HISTORY_FIN;
    number += length;
  } else if (control == RST) {
    mask = RST_PACKET;
    code = 0x52;
    at = HISTORY_RST;
  }
  if (checkLetter(record, mask << shift, code | lower) && number != word(counters, at)) addLetter(record, code | lower);
  setWord(counters, at, number);
}

function checkEof(record: usize, endpoint: usize, peer: usize): void {
  if (!reachedEof(endpoint, peer) || (word(record, FLAGS) & CLOSE_DEFERRED) == 0) return;
  closeConnection(record, endpoint, peer);
  setWord(record, FLAGS, word(record, FLAGS) & ~CLOSE_DEFERRED);
}

function closeConnection(record: usize, endpoint: usize, peer: usize): void {
  if (isDataPending(endpoint, peer)) {
    setWord(record, FLAGS, word(record, FLAGS) | CLOSE_DEFERRED);
    return;
  }
  const flags = word(record, FLAGS) & ~CLOSE_DEFERRED;
  setWord(record, FLAGS, flags);
  if ((word(endpoint, 0) & DID_CLOSE) != 0) return;
  setWord(endpoint, 0, word(endpoint, 0) | DID_CLOSE);
  const isComplete = stateOf(endpoint) == RESET || (word(peer, 0) & DID_CLOSE) != 0 || stateOf(peer) == INACTIVE;
  if (!isComplete || (flags & CLOSING) != 0) return;
  setWord(record, FLAGS, flags | CLOSING);
  setReal(record, DEADLINE, real(record, LAST) + closeDelay);
}

/** Which packets `commit` may take next. */
function noteOpen(record: usize): void {
  const orig = word(record, ORIG_ENDPOINT);
  const resp = word(record, RESP_ENDPOINT);
  const seen = word(record, HISTORY_SEEN);
  let flags = word(record, FLAGS) & ~OPEN_MASK;
  if (((orig | resp) & (DID_CLOSE | SAW_FIN)) == 0 && isOpen(record + (ORIG_ENDPOINT << 2)) && isOpen(record + (RESP_ENDPOINT << 2))) {
    if ((seen & ACK_PACKET) != 0) flags |= OPEN_ACK;
    if ((seen & DATA_PACKET) != 0) flags |= OPEN_DATA;
    if ((seen & (ACK_PACKET << 16)) != 0) flags |= OPEN_ACK << OPEN_RESP_SHIFT;
    if ((seen & (DATA_PACKET << 16)) != 0) flags |= OPEN_DATA << OPEN_RESP_SHIFT;
  }
  setWord(record, FLAGS, flags);
}

function isOpen(endpoint: usize): bool {
  const state = stateOf(endpoint);
  return state == ESTABLISHED || state == PARTIAL;
}
