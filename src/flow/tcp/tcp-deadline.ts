import {
  DID_CLOSE,
  INACTIVE,
  INTERACTIVE,
  RESET,
  STATE_MASK,
  SYN_ACK_SENT,
  SYN_SENT,
} from '../table/connection-flags.ts';
import type { ConnectionStore } from '../table/connection-store.ts';
import { DEADLINE, FLAGS, LAST, ORIG_ENDPOINT, RESP_ENDPOINT, START, WORDS } from '../table/record-layout.ts';

/** Seconds, under Zeek's names and with its defaults in `defaultTimeouts`. */
export interface TcpTimeouts {
  tcpSynTimeout: number;
  tcpSessionTimer: number;
  tcpConnectionLinger: number;
  tcpAttemptDelay: number;
  tcpCloseDelay: number;
  tcpInactivityTimeout: number;
  /** FTP, SSH, telnet and rlogin sessions may be silent for longer. */
  interactiveInactivityTimeout: number;
  /** Before the handshake is over, Zeek waits as long as for UDP. */
  udpInactivityTimeout: number;
}

export function isHandshake(state: number): boolean {
  return state === INACTIVE || state === SYN_SENT || state === SYN_ACK_SENT;
}

/** When a connection that is not closing ends if nothing more comes. */
export function deadlineOf(store: ConnectionStore, slot: number, timeouts: TcpTimeouts): number {
  const { words, floats } = store;
  const base = slot * WORDS;
  const orig = words[base + ORIG_ENDPOINT];
  const resp = words[base + RESP_ENDPOINT];
  const origState = orig & STATE_MASK;
  const respState = resp & STATE_MASK;
  const last = floats[base / 2 + LAST];
  const start = floats[base / 2 + START];
  if ((origState === SYN_SENT || origState === SYN_ACK_SENT) && respState === INACTIVE) {
    // An unanswered attempt: counted from its first SYN, whatever is sent again.
    const current = floats[base / 2 + DEADLINE];
    return Math.min(current, Math.max(start, last) + timeouts.tcpAttemptDelay);
  }
  if (isHandshake(origState) && isHandshake(respState)) {
    if (origState === INACTIVE && respState === INACTIVE) return nextCheck(start, last, timeouts);
    return last + timeouts.udpInactivityTimeout;
  }
  const isHalfClosed = ((orig | resp) & DID_CLOSE) !== 0;
  if (
    isHalfClosed &&
    (origState === RESET || respState === RESET || origState === INACTIVE || respState === INACTIVE)
  ) {
    return nextCheck(start, last, timeouts);
  }
  const isInteractive = (words[base + FLAGS] & INTERACTIVE) !== 0;
  return last + (isInteractive ? timeouts.interactiveInactivityTimeout : timeouts.tcpInactivityTimeout);
}

/** Zeek looks after closed connections at regular times and ends those that were quiet for the linger time. */
function nextCheck(start: number, last: number, timeouts: TcpTimeouts): number {
  const first = start + timeouts.tcpSynTimeout;
  const quiet = last + timeouts.tcpConnectionLinger;
  if (quiet < first) return first;
  return first + (Math.floor((quiet - first) / timeouts.tcpSessionTimer) + 1) * timeouts.tcpSessionTimer;
}
