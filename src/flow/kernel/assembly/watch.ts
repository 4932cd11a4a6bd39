/** Counts packets for the stations that send and receive them (../../station-counts.ts). */
import { MACS, ORIG_WATCH, RESP_WATCH } from '../../table/record-layout';
import {
  FORWARDED, FORWARDS, HEARD, LEDGER_AT, OWN, RECEIVED, RECEIVED_BYTES, RECEIVER_SHIFT, SENT, SENT_BYTES, SILENCE, SPOKE,
  STATION_DOUBLES, STATION_MASK, STATIONS_AT, WATCH_EPOCH, WATCH_NOW, WATCH_UNTIL,
} from '../ledger';
import { real, setReal, word } from './bytes';
import { entry, setEntry } from './ledger';
import { SYN } from './tcp-state';

const TCP: u8 = 6;
/** Where the source follows the destination in a frame. */
const ADDRESS: usize = 6;

/** Somebody wants to see packets. */
export let isWatched: bool = false;

export function setWatched(watched: bool): void {
  isWatched = watched;
}

/** False where the watcher has to see the frame, which is one of `record` and ends at `end`; else it is counted. */
export function countAlike(record: usize, isOrig: bool, frame: usize, transport: usize, proto: u8, end: usize, length: u32, ts: f64): bool {
  const side = isOrig ? ORIG_WATCH : RESP_WATCH;
  const alike = word(record, side);
  if ((alike & STATION_MASK) == 0 || word(record, side + 1) != word(LEDGER_AT, WATCH_EPOCH) || ts >= entry(WATCH_UNTIL)) return false;
  const orig = record + (MACS << 2);
  if (!isSame(frame + ADDRESS, isOrig ? orig : orig + ADDRESS) || !isSame(frame, isOrig ? orig + ADDRESS : orig)) return false;
  if (proto == TCP && isTelling(transport, end)) return false;
  const sender = station(alike & STATION_MASK);
  const silence = ts - real(sender, HEARD);
  if (silence < 0 || silence > real(sender, SILENCE)) return false;
  setReal(sender, HEARD, ts);
  if ((alike & OWN) != 0) setReal(sender, SPOKE, ts);
  setReal(sender, SENT, real(sender, SENT) + 1);
  setReal(sender, SENT_BYTES, real(sender, SENT_BYTES) + <f64>length);
  if (ts > entry(WATCH_NOW)) setEntry(WATCH_NOW, ts);
  const number = (alike >>> RECEIVER_SHIFT) & STATION_MASK;
  if (number == 0) return true;
  const receiver = station(number);
  setReal(receiver, RECEIVED, real(receiver, RECEIVED) + 1);
  setReal(receiver, RECEIVED_BYTES, real(receiver, RECEIVED_BYTES) + <f64>length);
  if ((alike & FORWARDS) != 0) setReal(receiver, FORWARDED, real(receiver, FORWARDED) + 1);
  return true;
}

/** Numbers count from one. */
// @ts-ignore: decorator
@inline
function station(number: i32): usize {
  return STATIONS_AT + (<usize>(number - 1)) * (STATION_DOUBLES << 3);
}

// @ts-ignore: decorator
@inline
function isSame(address: usize, other: usize): bool {
  return load<u32>(address) == load<u32>(other) && load<u16>(address, 4) == load<u16>(other, 4);
}

/** A SYN, which tells a port; or a payload like HTTP or XML, with which devices describe themselves. */
// @ts-ignore: decorator
@inline
function isTelling(tcp: usize, end: usize): bool {
  if ((load<u8>(tcp, 13) & SYN) != 0) return true;
  const payload = tcp + ((load<u8>(tcp, 12) >>> 4) << 2);
  if (payload >= end) return false;
  const first = load<u8>(payload);
  return first == 0x3c || first == 0x48;
}
