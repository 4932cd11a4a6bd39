import { ACK_SEQ, LAST_SEQ, SAW_FIN, START_SEQ, WRAPS } from '../table/connection-flags.ts';

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
