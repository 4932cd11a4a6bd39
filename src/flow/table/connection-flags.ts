/** Bits of a connection's FLAGS word. The upper byte is the length of its history. */
export const IS_PARTIAL = 0x01;
export const SEEN_ORIG = 0x02;
export const SEEN_RESP = 0x04;
export const CLOSE_DEFERRED = 0x08;
/** Closed on both sides, or reset: it stays for `tcpCloseDelay` and does not live longer through more packets. */
export const CLOSING = 0x10;
/** Something about it is kept in a side table (long history, out-of-order data, tunnels). */
export const LONG_HISTORY = 0x20;
export const HAS_RANGES = 0x40;
export const HAS_PARENTS = 0x80;
/** A session with a person behind it: a longer inactivity timeout. */
export const INTERACTIVE = 0x100;
/** On the port of a tunnel, but none. */
export const NO_TUNNEL = 0x200;
/** What the fast path may take without looking at the states: an acknowledgement, data. Of each side. */
export const OPEN_ACK = 0x400;
export const OPEN_DATA = 0x800;
export const OPEN_RESP_SHIFT = 2;
export const OPEN_MASK = 0x3c00;
/** A tunnel on another port than its own, which its content has shown. */
export const TEREDO_INSIDE = 0x4000;
export const AYIYA_INSIDE = 0x8000;
export const HISTORY_LENGTH_SHIFT = 24;

/** States of a TCP endpoint, as in Zeek. */
export const INACTIVE = 0;
export const SYN_SENT = 1;
export const SYN_ACK_SENT = 2;
export const PARTIAL = 3;
export const ESTABLISHED = 4;
export const CLOSED = 5;
export const RESET = 6;

/** The first word of a TCP endpoint: state, the state before it, and bits. */
export const STATE_MASK = 0x0f;
export const PREVIOUS_SHIFT = 4;
export const DID_CLOSE = 0x100;
export const SAW_FIN = 0x200;
export const SKIP_DELIVERIES = 0x400;
export const DID_EOF = 0x800;

/** Words of a TCP endpoint behind the first; sequence numbers are absolute, modulo 2^32. */
export const START_SEQ = 1;
export const LAST_SEQ = 2;
export const ACK_SEQ = 3;
/** Everything below was reassembled, or given up as a gap; everything below the next was acknowledged. */
export const REASSEMBLED_SEQ = 4;
export const TRIMMED_SEQ = 5;
/** How often the sequence and the acknowledged numbers wrapped: sequence << 16 | acknowledged. */
export const WRAPS = 6;
/** One past the FIN. */
export const FIN_SEQ = 7;

/** Words of an endpoint's counters. */
export const HISTORY_SYN = 0;
export const HISTORY_FIN = 1;
export const HISTORY_RST = 2;
export const RETRANSMISSIONS = 3;
export const BAD_CHECKSUMS = 4;
export const ZERO_WINDOWS = 5;
export const GAPS = 6;
/** What the beginning of its payload is (TCP; 0 while undecided), or how many datagrams were looked at (UDP). @public */
export const SIGNATURE = 7;
