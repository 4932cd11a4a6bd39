/**
 * With so many connections that a processor's cache does not hold them, each packet would wait for memory twice: for
 * its place in the hash table and for its record. So the places and the records of several packets are asked for
 * together, and the waits become one. Nothing is decided here: a wrong guess costs time only.
 */
import { IPV6_KEY, WORDS } from '../../table/record-layout';
import { LOOK_AHEAD_AT } from '../ledger';
import { network } from './bytes';
import { ETHERNET, IPV4, IPV6, RECORD_HEADER, VLAN, VLAN_TAG } from './ethernet';
import { tableMask } from './ledger';
import { hashOf } from './lookup';
import { recordsAt, table } from './state';

const PACKETS: usize = 32;
/** Places of a hash table that no longer fits into a cache of the second level, with its records. */
const LARGE: u32 = 16_384;
/** Addresses and ports end this far behind the beginning of an IPv6 frame with a tag. */
const HEADERS: usize = 64;
const LINE: usize = 64;

export function isTableLarge(): bool {
  return tableMask() >= LARGE;
}

/** Looks at the records of the capture from `start`, and says where the first one lies that it did not look at. */
export function lookAhead(start: usize, end: usize): usize {
  let at = start;
  let count: usize = 0;
  while (count < PACKETS && at + RECORD_HEADER + HEADERS <= end) {
    store<i32>(<usize>LOOK_AHEAD_AT + (count << 2), hashAt(at + RECORD_HEADER));
    count++;
    const captured = load<u32>(at, 8);
    if (captured > <u32>(end - at)) break;
    at += RECORD_HEADER + captured;
  }
  // Loops of few instructions, so that many of their waits begin before the first one ends.
  let sum = 0;
  for (let i: usize = 0; i < count; i++) sum += load<i32>(placeOf(load<i32>(<usize>LOOK_AHEAD_AT + (i << 2))));
  for (let i: usize = 0; i < count; i++) {
    const slot = slotOf(load<i32>(<usize>LOOK_AHEAD_AT + (i << 2)));
    if (slot < 0) continue;
    const record = recordsAt + <usize>slot * (WORDS << 2);
    sum += load<i32>(record) + load<i32>(record + LINE);
  }
  // So that no compiler leaves the reading out.
  store<i32>(LOOK_AHEAD_AT, sum);
  // At least one, so that the reader goes on.
  return at == start ? at + 1 : at;
}

// @ts-ignore: decorator
@inline
function placeOf(hash: i32): usize {
  return table + (<usize>(<u32>hash & tableMask()) << 3);
}

/** Of the first connection with that hash, which is nearly always the one. A third of them is not in its first place. */
function slotOf(hash: i32): i32 {
  const mask = tableMask();
  let at = <u32>hash & mask;
  let place = table + (<usize>at << 3);
  while (load<i32>(place) != 0 && load<i32>(place, 4) != hash) {
    at = (at + 1) & mask;
    place = table + (<usize>at << 3);
  }
  return load<i32>(place) - 1;
}

/** Of the addresses and ports of a frame, 0 where it has none. */
function hashAt(frame: usize): i32 {
  let type = load<u16>(frame, 12);
  let ip = frame + ETHERNET;
  if (type == VLAN) {
    type = load<u16>(frame, ETHERNET + 2);
    ip += VLAN_TAG;
  }
  if (type != IPV4 && type != IPV6) return 0;
  const isIpv6 = type == IPV6;
  const proto = <i32>load<u8>(ip + (isIpv6 ? 6 : 9));
  return isIpv6
    ? hashOf(ip + 8, ip + 24, network(ip + 40), proto | IPV6_KEY, true)
    : hashOf(ip + 12, ip + 16, network(ip + 20), proto, false);
}
