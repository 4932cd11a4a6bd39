/** TcpStates, and when a connection ends (tcp-deadline.ts). What is a weird there is for the long way: REFUSED. */
import {
  CLOSED, DID_CLOSE, ESTABLISHED, INACTIVE, INTERACTIVE, IS_PARTIAL, LAST_SEQ, PARTIAL, PREVIOUS_SHIFT, RESET, START_SEQ,
  STATE_MASK, SYN_ACK_SENT, SYN_SENT,
} from '../../table/connection-flags';
import { DEADLINE, FLAGS, LAST, ORIG_ENDPOINT, PORTS, RESP_ENDPOINT, START } from '../../table/record-layout';
import { real, setWord, word } from './bytes';
import {
  attemptDelay, connectionLinger, handshakeTimeout, interactiveTimeout, openTimeout, sessionTimer, synTimeout,
} from './state';

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const ACK = 0x10;

export const REFUSED = -1;
export const OPEN = 0;
/** The packet closed its endpoint. */
export const CLOSES = 1;

export function stateOf(endpoint: usize): i32 {
  return word(endpoint, 0) & STATE_MASK;
}

function setState(endpoint: usize, state: i32): void {
  const flags = word(endpoint, 0);
  const old = flags & STATE_MASK;
  if (old != state) setWord(endpoint, 0, (flags & ~0xff) | state | (old << PREVIOUS_SHIFT));
}

/** Moves the endpoint of the sender; `flags` has at most one of SYN, FIN and RST. */
export function updateState(record: usize, endpoint: usize, peer: usize, isOrig: bool, flags: i32, ack: i32, length: i32, advance: i32): i32 {
  const isFin = (flags & FIN) != 0;
  const isReset = (flags & RST) != 0;
  switch (stateOf(endpoint)) {
    case INACTIVE:
      return updateInactive(record, endpoint, peer, isOrig, flags, ack, length);
    case SYN_SENT:
    case SYN_ACK_SENT:
      if (isReset) return close(endpoint, RESET);
      if (length > 0) return REFUSED;
      return isFin ? close(endpoint, CLOSED) : OPEN;
    case ESTABLISHED:
    case PARTIAL:
      if (isReset) return close(endpoint, RESET);
      if (!isFin) return OPEN;
      // A FIN followed by a RST from the other side was a normal end after all.
      if (stateOf(peer) == RESET && ((word(peer, 0) >> PREVIOUS_SHIFT) & STATE_MASK) == CLOSED) setState(peer, CLOSED);
      return close(endpoint, CLOSED);
    case CLOSED:
      if ((flags & SYN) != 0 || (isFin && advance > 0)) return REFUSED;
      // After a FIN each way a RST changes nothing any more.
      if (!isReset || stateOf(peer) == CLOSED) return OPEN;
      setState(endpoint, RESET);
      return (word(endpoint, 0) & DID_CLOSE) == 0 ? CLOSES : OPEN;
    default:
      return (flags & (SYN | FIN)) != 0 || (length > 0 && !isReset) ? REFUSED : OPEN;
  }
}

function close(endpoint: usize, state: i32): i32 {
  setState(endpoint, state);
  return CLOSES;
}

function updateInactive(record: usize, endpoint: usize, peer: usize, isOrig: bool, flags: i32, ack: i32, length: i32): i32 {
  if ((flags & FIN) != 0) return stateOf(peer) != PARTIAL ? REFUSED : close(endpoint, CLOSED);
  if ((flags & RST) != 0) return stateOf(peer) == INACTIVE ? REFUSED : close(endpoint, RESET);
  if ((flags & SYN) != 0) {
    if (!isOrig) return answerHandshake(record, endpoint, peer, ack);
    // Only the one that opens the connection comes here, without an ACK.
    setState(endpoint, SYN_SENT);
    return OPEN;
  }
  // The connection was running before, or the SYN was missed. Some stacks acknowledge a SYN before they answer it.
  if (!isOrig && length == 0 && stateOf(peer) == SYN_SENT) return OPEN;
  if ((flags & ACK) != 0 && stateOf(peer) == ESTABLISHED) {
    setState(endpoint, ESTABLISHED);
    setWord(record, FLAGS, word(record, FLAGS) & ~IS_PARTIAL);
  } else setState(endpoint, PARTIAL);
  return OPEN;
}

/** A SYN-ACK of the responder. */
function answerHandshake(record: usize, endpoint: usize, peer: usize, ack: i32): i32 {
  const state = stateOf(peer);
  if (state == INACTIVE) return REFUSED;
  const start = word(peer, START_SEQ);
  if (state != PARTIAL && <u32>(ack - start) > <u32>(word(peer, LAST_SEQ) - start)) return REFUSED;
  if (state == SYN_SENT) setState(peer, ESTABLISHED);
  setState(endpoint, ESTABLISHED);
  if (stateOf(peer) == ESTABLISHED && isInteractivePort(word(record, PORTS) & 0xffff)) {
    setWord(record, FLAGS, word(record, FLAGS) | INTERACTIVE);
  }
  return OPEN;
}

/** FTP, SSH, telnet, rlogin. */
function isInteractivePort(port: i32): bool {
  return port == 21 || port == 22 || port == 23 || port == 513;
}

/** When a connection that is not closing ends if nothing more comes. */
export function deadlineOf(record: usize): f64 {
  const orig = word(record, ORIG_ENDPOINT);
  const resp = word(record, RESP_ENDPOINT);
  const origState = orig & STATE_MASK;
  const respState = resp & STATE_MASK;
  const last = real(record, LAST);
  if ((origState == SYN_SENT || origState == SYN_ACK_SENT) && respState == INACTIVE) {
    return min<f64>(real(record, DEADLINE), max<f64>(real(record, START), last) + attemptDelay);
  }
  const isOpening = origState <= SYN_ACK_SENT && respState <= SYN_ACK_SENT;
  if (isOpening) return origState == INACTIVE && respState == INACTIVE ? nextCheck(record, last) : last + handshakeTimeout;
  const isDead = origState == RESET || respState == RESET || origState == INACTIVE || respState == INACTIVE;
  if (((orig | resp) & DID_CLOSE) != 0 && isDead) return nextCheck(record, last);
  return last + ((word(record, FLAGS) & INTERACTIVE) != 0 ? interactiveTimeout : openTimeout);
}

/** Zeek looks after closed connections at regular times and ends those that were quiet for the linger time. */
function nextCheck(record: usize, last: f64): f64 {
  const first = real(record, START) + synTimeout;
  const quiet = last + connectionLinger;
  return quiet < first ? first : first + (Math.floor((quiet - first) / sessionTimer) + 1) * sessionTimer;
}
