/** Goes through the records of a capture and takes the plain ones over Ethernet. */
import {
  ARP, BACKWARDS, CLOCK, DATAGRAMS, DATAGRAMS_OVER_IPV6, DONE, DUE, EVENT, EVENT_AT, EVENT_SLOT, NEXT_TICK, OTHER, OVER_IPV6,
  SET_BACK, SHOWN, TAGGED, TAKEN,
} from '../ledger';
import { ADDRESS_RESOLUTION, EAPOL, ETHERNET, IPV4, IPV6, RECORD_HEADER, VLAN, VLAN_TAG } from './ethernet';
import { count, entry, setEntry } from './ledger';
import { isTableLarge, lookAhead } from './look-ahead';
import { fromOriginator, recent } from './lookup';
import { setFrame } from './open';
import { takePacket } from './packet';
import { noteEvent } from './segment';
import { countAlike, isWatched } from './watch';

const UDP: u8 = 17;

/**
 * A little-endian pcap with microseconds and Ethernet. Returns where the first record lies that is not taken: unusual,
 * incomplete, or (then DUE is its time) the timers come first; or the record behind one that was taken with something
 * left to do (then EVENT says what). What is wrong with a record is for the reader to say.
 */
export function records(start: usize, end: usize, snaplen: u32): usize {
  const nextTick = entry(NEXT_TICK);
  const setBack = entry(SET_BACK);
  let at = start;
  let taken = 0;
  let tagged = 0;
  let event = 0;
  const looksAhead = isTableLarge();
  let seen = at;
  let clock = entry(CLOCK);
  let backwards = 0;
  while (at + RECORD_HEADER + ETHERNET + VLAN_TAG <= end) {
    if (looksAhead && at >= seen) seen = lookAhead(at, end);
    const ticks = load<u32>(at, 4);
    const captured = load<u32>(at, 8);
    const original = load<u32>(at, 12);
    const frame = at + RECORD_HEADER;
    const frameEnd = frame + captured;
    if (captured < ETHERNET + VLAN_TAG || captured > original || captured > snaplen || ticks >= 1_000_000) break;
    if (captured > <u32>(end - frame) || original > 0x7fffffff) break;
    const ts = <f64>load<u32>(at) + <f64>ticks / 1e6;
    if (ts >= nextTick || ts < setBack) {
      setEntry(DUE, ts);
      break;
    }
    let type = load<u16>(frame, 12);
    let body = frame + ETHERNET;
    const isTagged = type == VLAN;
    if (isTagged) {
      type = load<u16>(frame, ETHERNET + 2);
      body += VLAN_TAG;
    }
    if (type == IPV4 || type == IPV6) {
      if ((load<u8>(body) >>> 4 == 4) != (type == IPV4)) break;
      setFrame(frame, isTagged);
      event = takePacket(body, frameEnd, frame + original, ts);
      if (event == 0) break;
      const proto = load<u8>(body + (type == IPV4 ? 9 : 6));
      const isDatagram = proto == UDP;
      if (type == IPV6) count(isDatagram ? DATAGRAMS_OVER_IPV6 : OVER_IPV6, 1);
      else if (isDatagram) count(DATAGRAMS, 1);
      const transport = body + (type == IPV4 ? 20 : 40);
      if (isWatched && !countAlike(recent, fromOriginator, frame, transport, proto, frameEnd, original, ts)) {
        event = noteEvent(recent, fromOriginator, event | SHOWN);
      }
    } else if (type == ADDRESS_RESOLUTION) {
      if (!isWholeArp(body, frameEnd)) break;
      count(ARP, 1);
      event = unbound();
    } else if (type == EAPOL) {
      count(OTHER, 1);
      event = unbound();
    } else break;
    if (isTagged) tagged++;
    taken++;
    if (ts < clock) backwards++;
    clock = ts;
    at = frameEnd;
    if (event > DONE) {
      setEntry(EVENT, event);
      setEntry(EVENT_AT, <f64>(frame - RECORD_HEADER));
      break;
    }
  }
  // A packet that comes another way has no such frame.
  setFrame(0, false);
  count(TAGGED, tagged);
  count(TAKEN, taken);
  setEntry(CLOCK, clock);
  count(BACKWARDS, backwards);
  return at;
}

/** What is left to do of a frame that belongs to no connection. */
function unbound(): i32 {
  setEntry(EVENT_SLOT, -1);
  return isWatched ? DONE | SHOWN : DONE;
}

function isWholeArp(at: usize, end: usize): bool {
  return at + 8 <= end && at + 8 + 2 * ((<usize>load<u8>(at, 4)) + load<u8>(at, 5)) <= end;
}
