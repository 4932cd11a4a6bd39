/** TCP segments: the ordinary next one by `commit`, the others by `process`, which may change its mind. */
import { HAS_PARENTS, HAS_RANGES, SIGNATURE } from '../../table/connection-flags';
import {
  DEADLINE, FLAGS, HISTORY, HISTORY_SEEN, ORIG_COUNTERS, ORIG_IP_BYTES, ORIG_PACKETS, RESP_COUNTERS, RESP_IP_BYTES, RESP_PACKETS,
  WORDS,
} from '../../table/record-layout';
import { DONE, EVENT_SLOT, FROM_ORIGINATOR, HURRIED, OF_INTEREST, OPENED, SCRATCH_AT, TRUNCATED } from '../ledger';
import { network, real, setReal, setWord, word } from './bytes';
import { commit } from './commit';
import { clearOverflow, overflowed } from './history';
import { count, setEntry } from './ledger';
import { find, fromOriginator } from './lookup';
import { open } from './open';
import { process } from './process';
import { looksInside, recordsAt } from './state';
import { ACK, FIN, RST, SYN } from './tcp-state';

const TCP = 6;
const TCP_HEADER: usize = 20;

export function takeSegment(tcp: usize, segmentEnd: usize, end: usize, source: usize, destination: usize, isIpv6: bool, ipBytes: usize, ts: f64): i32 {
  const headerLength = <usize>((load<u8>(tcp, 12) >>> 4) << 2);
  const payload = tcp + headerLength;
  if (headerLength < TCP_HEADER || payload > segmentEnd) return 0;
  const flags = <i32>load<u8>(tcp, 13);
  const window = load<u16>(tcp, 14);
  const length = <i32>(segmentEnd - payload);
  const ports = network(tcp);
  let record = find(source, destination, ports, TCP, isIpv6);
  if (record == 0) {
    // A SYN without anything else begins a connection; what was running before is for the long way.
    if ((flags & (FIN | SYN | RST | ACK)) != SYN || length > 0) return 0;
    record = open(source, destination, ports, TCP, isIpv6, ts);
    if (record == 0) return 0;
    process(record, true, flags, network(tcp + 4), 0, window, 0, false, ts, true);
    countPacket(record, true, <f64>ipBytes);
    return noteEvent(record, true, DONE | OPENED);
  }
  const isCut = segmentEnd > end;
  const isOrig = fromOriginator;
  const seq = network(tcp + 4);
  const ack = network(tcp + 8);
  let taken = DONE;
  // ACK without SYN, FIN and RST, and a window that is open.
  const isPlain = (flags & 0x17) == 0x10 && window != 0;
  if (!isPlain || !commit(record, isOrig, seq, ack, length, isCut, <f64>ipBytes, ts)) {
    const due = real(record, DEADLINE);
    // Over; or with something that is kept elsewhere.
    if (due <= ts || (word(record, FLAGS) & (HAS_RANGES | HAS_PARENTS)) != 0) return 0;
    save(record);
    clearOverflow();
    if (!process(record, isOrig, flags, seq, ack, window, length, isCut, ts, false) || overflowed) {
      restore(record);
      return 0;
    }
    countPacket(record, isOrig, <f64>ipBytes);
    if (real(record, DEADLINE) < due) taken |= HURRIED;
  }
  if (isCut && length > 0 && (flags & RST) == 0) count(TRUNCATED, 1);
  if (looksInside && length > 0 && payload < end && isUndecided(record, isOrig)) taken |= OF_INTEREST;
  return taken == DONE ? DONE : noteEvent(record, isOrig, taken);
}

/** What the side speaks is not known yet. */
function isUndecided(record: usize, isOrig: bool): bool {
  return (word(record, (isOrig ? ORIG_COUNTERS : RESP_COUNTERS) + SIGNATURE) & 0xff) == 0;
}

/** Who is asked to do the rest has to know of which connection. */
export function noteEvent(record: usize, isOrig: bool, taken: i32): i32 {
  setEntry(EVENT_SLOT, <f64>((record - recordsAt) / (WORDS << 2)));
  return isOrig ? taken | FROM_ORIGINATOR : taken;
}

export function countPacket(record: usize, isOrig: bool, ipBytes: f64): void {
  const packets = isOrig ? ORIG_PACKETS : RESP_PACKETS;
  setWord(record, packets, word(record, packets) + 1);
  const bytes = isOrig ? ORIG_IP_BYTES : RESP_IP_BYTES;
  setReal(record, bytes, real(record, bytes) + ipBytes);
}

/** What a packet may change lies between the letters that were seen and the end of the history. */
const FIRST: usize = HISTORY_SEEN << 2;
const COUNT: usize = (HISTORY + 4 - HISTORY_SEEN) << 2;

function save(record: usize): void {
  copy(SCRATCH_AT, record + FIRST, COUNT);
}

function restore(record: usize): void {
  copy(record + FIRST, SCRATCH_AT, COUNT);
}

function copy(to: usize, from: usize, count: usize): void {
  for (let at: usize = 0; at < count; at += 8) store<i64>(to + at, load<i64>(from + at));
}
