import {
  ACK_SEQ,
  INACTIVE,
  LAST_SEQ,
  PREVIOUS_SHIFT,
  RESET,
  SAW_FIN,
  START_SEQ,
  STATE_MASK,
  SYN_SENT,
  WRAPS,
} from '../table/connection-flags.ts';

const WORD = 2 ** 32;

/** Payload bytes that an endpoint sent, by its sequence numbers: SYN and FIN are not counted. */
export function endpointSize(words: Int32Array, endpoint: number): number {
  const start = words[endpoint + START_SEQ] >>> 0;
  const wraps = words[endpoint + WRAPS];
  const last = (wraps >>> 16) * WORD + (words[endpoint + LAST_SEQ] >>> 0);
  const acked = (wraps & 0xffff) * WORD + (words[endpoint + ACK_SEQ] >>> 0);
  let size = Math.max(last, acked) - start;
  // The numbers wrapped between the first one and the one before it.
  if (size < 0) size += WORD;
  if (size > 0) size--;
  if ((words[endpoint] & SAW_FIN) !== 0 && size > 0) size--;
  return size;
}

/**
 * The peer still holds an older connection and acknowledged that one's numbers, so this one was given up: nothing can
 * have been sent, whatever the numbers say.
 */
export function isHalfOpenAborted(words: Int32Array, endpoint: number, peer: number): boolean {
  const state = words[endpoint] & STATE_MASK;
  const before = (words[endpoint] >> PREVIOUS_SHIFT) & STATE_MASK;
  if (state !== RESET || before !== SYN_SENT || (words[peer] & STATE_MASK) !== INACTIVE) return false;
  const acked = (words[endpoint + ACK_SEQ] - words[endpoint + START_SEQ]) | 0;
  return acked !== 0 && acked !== 1;
}
