/**
 * With so many connections that a processor's cache does not hold them, each packet would wait for memory twice: for
 * its place in the hash table and for its record. So the places and the records of several packets are asked for
 * together, and the waits become one. Nothing is decided here: a wrong guess costs time only.
 */
import { IPV6_KEY, RESP_ENDPOINT, WORDS } from '../../record-layout';
import { LOOK_AHEAD_AT } from '../ledger';
import { network } from './bytes';
import { tableMask } from './ledger';
import { hashOf } from './lookup';
import { recordsAt, table } from './state';

const PACKETS: usize = 32;
/** Places of a hash table that no longer fits into a cache of the second level, with its records. */
const LARGE: u32 = 16_384;
const RECORD_HEADER: usize = 16;
const ETHERNET: usize = 14;
const VLAN_TAG: usize = 4;
/** Addresses and ports end this far behind the beginning of an IPv6 frame with a tag. */
const HEADERS: usize = 64;
const IPV4: u16 = 0x0008;
const VLAN: u16 = 0x0081;
const IPV6: u16 = 0xdd86;
const LINE: usize = 64;
/** The last word of the endpoints: records do not begin with a line. */
const LAST: usize = (RESP_ENDPOINT + 7) << 2;

export function isTableLarge(): bool {
  return tableMask() >= LARGE;
}

/** Looks at the records of the capture from `start`, and says where the first one lies that it did not look at. */
export function lookAhead(start: usize, end: usize): usize {
  let at = start;
  let count: usize = 0;
  let sum = 0;
  while (count < PACKETS && at + RECORD_HEADER + HEADERS <= end) {
    const place = placeOf(at + RECORD_HEADER);
    sum += load<i32>(place);
    store<u32>(<usize>LOOK_AHEAD_AT + (count << 2), <u32>place);
    count++;
    const captured = load<u32>(at, 8);
    if (captured > <u32>(end - at)) break;
    at += RECORD_HEADER + captured;
  }
  for (let i: usize = 0; i < count; i++) {
    const slot = load<i32>(<usize>load<u32>(<usize>LOOK_AHEAD_AT + (i << 2))) - 1;
    if (slot < 0) continue;
    const record = recordsAt + <usize>slot * (WORDS << 2);
    sum += load<i32>(record) + load<i32>(record + LINE) + load<i32>(record + 2 * LINE) + load<i32>(record + LAST);
  }
  // So that no compiler leaves the reading out.
  store<i32>(LOOK_AHEAD_AT, sum);
  // At least one, so that the reader goes on.
  return at == start ? at + 1 : at;
}

/** Where the search for the connection of a frame begins. */
function placeOf(frame: usize): usize {
  let type = load<u16>(frame, 12);
  let ip = frame + ETHERNET;
  if (type == VLAN) {
    type = load<u16>(frame, ETHERNET + 2);
    ip += VLAN_TAG;
  }
  if (type != IPV4 && type != IPV6) return table;
  const isIpv6 = type == IPV6;
  const proto = <i32>load<u8>(ip + (isIpv6 ? 6 : 9));
  const hash = isIpv6
    ? hashOf(ip + 8, ip + 24, network(ip + 40), proto | IPV6_KEY, true)
    : hashOf(ip + 12, ip + 16, network(ip + 20), proto, false);
  return table + (<usize>(<u32>hash & tableMask()) << 3);
}
