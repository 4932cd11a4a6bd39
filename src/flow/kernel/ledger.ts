/**
 * The beginning of the fast path's memory: words through which both sides tell each other what changes. Constants
 * only: AssemblyScript compiles this file too.
 */

/** Doubles: `records` stops before a packet at or after the first time, or before the second one. */
export const NEXT_TICK = 0;
export const SET_BACK = 1;
/** Words. The seed of the hash, which may change. */
export const SEED = 4;
/** What the last call did: packets taken, with a VLAN tag, over IPv6, with a payload that the capture cut. */
export const TAKEN = 5;
export const TAGGED = 6;
export const OVER_IPV6 = 7;
export const TRUNCATED = 8;
/** Bytes that the ledger takes; asc keeps the first kilobyte for itself. */
export const LEDGER_AT = 1024;
export const LEDGER_BYTES = 64;
/** Behind the ledger: senders that have shown a right checksum, one word each. */
export const SENDERS_AT = LEDGER_AT + LEDGER_BYTES;
export const SENDERS = 4096;
