/** The part of a segment that changes its connection: all of it, or nothing. Sequence numbers are modulo 2^32. */
import {
  ACK_SEQ, ESTABLISHED, GAPS, HAS_RANGES, INTERACTIVE, IS_PARTIAL, LAST_SEQ, OPEN_ACK, OPEN_DATA, OPEN_RESP_SHIFT,
  REASSEMBLED_SEQ, RETRANSMISSIONS, SKIP_DELIVERIES, START_SEQ, STATE_MASK, TRIMMED_SEQ, WRAPS,
} from '../../table/connection-flags';
import {
  DEADLINE, FLAGS, LAST, MISSED, ORIG_COUNTERS, ORIG_ENDPOINT, ORIG_IP_BYTES, ORIG_PACKETS, RESP_COUNTERS, RESP_ENDPOINT,
  RESP_IP_BYTES, RESP_PACKETS,
} from '../../table/record-layout';
import { real, setReal, setWord, word } from './bytes';
import { isMark } from './history';
import { acknowledge } from './reassembly';
import { interactiveTimeout, openTimeout } from './state';

/** Less than this outstanding needs no look at Zeek's limits of what it buffers. */
const MAXIMUM_OUTSTANDING = 1 << 20;

export function commit(record: usize, isOrig: bool, seq: i32, ack: i32, length: i32, isCut: bool, ipBytes: f64, ts: f64): bool {
  const flags = word(record, FLAGS);
  const endpoint = record + ((isOrig ? ORIG_ENDPOINT : RESP_ENDPOINT) << 2);
  const peer = record + ((isOrig ? RESP_ENDPOINT : ORIG_ENDPOINT) << 2);
  const counters = record + ((isOrig ? ORIG_COUNTERS : RESP_COUNTERS) << 2);
  const peerCounters = record + ((isOrig ? RESP_COUNTERS : ORIG_COUNTERS) << 2);
  const open = (length > 0 ? OPEN_DATA : OPEN_ACK) << (isOrig ? 0 : OPEN_RESP_SHIFT);
  const due = real(record, DEADLINE);
  const deadline = ts + ((flags & INTERACTIVE) == 0 ? openTimeout : interactiveTimeout);
  // Over, or due earlier than it was (the clock went back): the wheel has to know.
  if ((flags & open) == 0 || due <= ts || deadline < due) return false;
  const peerStart = word(peer, START_SEQ);
  if (seq - word(endpoint, START_SEQ) < 0 || ack - peerStart < 0) return false;

  const upper = seq + length;
  const last = word(endpoint, LAST_SEQ);
  const isNews = upper - last > 0;
  const isRepeated = !isNews && length > 0;
  if (isRepeated && isMark(word(counters, RETRANSMISSIONS) + 1)) return false;

  const isAcked = ack - word(peer, TRIMMED_SEQ) > 0;
  let reassembled = word(peer, REASSEMBLED_SEQ);
  let gap = 0;
  if (isAcked) {
    if ((flags & HAS_RANGES) != 0) return false;
    const missing = ack - reassembled;
    // The first acknowledgement of a connection that was already running says nothing about missing data.
    const isFirst = <u32>(ack - peerStart) <= 2 && (flags & IS_PARTIAL) != 0;
    if (missing > 0 && !isFirst) {
      reassembled = ack;
      if ((word(peer, 0) & SKIP_DELIVERIES) == 0 && isEstablished(peer) && isEstablished(endpoint)) {
        gap = missing;
        if (isMark(word(peerCounters, GAPS) + 1)) return false;
      }
    }
  }
  if (length > 0 && !isCut) {
    const isNext = seq == word(endpoint, REASSEMBLED_SEQ) && (word(endpoint, 0) & SKIP_DELIVERIES) == 0;
    const wasAcked = word(endpoint, ACK_SEQ) - word(endpoint, START_SEQ) > 1;
    const isShort = upper - word(endpoint, TRIMMED_SEQ) < MAXIMUM_OUTSTANDING;
    if (!isNext || !wasAcked || !isShort || (flags & HAS_RANGES) != 0) return false;
    setWord(endpoint, REASSEMBLED_SEQ, upper);
  }

  setReal(record, LAST, ts);
  setReal(record, DEADLINE, deadline);
  const packets = isOrig ? ORIG_PACKETS : RESP_PACKETS;
  setWord(record, packets, word(record, packets) + 1);
  const bytes = isOrig ? ORIG_IP_BYTES : RESP_IP_BYTES;
  setReal(record, bytes, real(record, bytes) + ipBytes);
  acknowledge(peer, ack);
  if (isNews) {
    if (<u32>upper < <u32>last) setWord(endpoint, WRAPS, word(endpoint, WRAPS) + 0x10000);
    setWord(endpoint, LAST_SEQ, upper);
  } else if (isRepeated) setWord(counters, RETRANSMISSIONS, word(counters, RETRANSMISSIONS) + 1);
  if (isAcked) {
    setWord(peer, TRIMMED_SEQ, ack);
    setWord(peer, REASSEMBLED_SEQ, reassembled);
    if (gap > 0) {
      setWord(peerCounters, GAPS, word(peerCounters, GAPS) + 1);
      setReal(record, MISSED, real(record, MISSED) + <f64>gap);
    }
  }
  return true;
}

// @ts-ignore: decorator
@inline
function isEstablished(endpoint: usize): bool {
  return (word(endpoint, 0) & STATE_MASK) == ESTABLISHED;
}
