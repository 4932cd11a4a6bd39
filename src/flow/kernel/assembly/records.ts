/** Goes through the records of a capture and takes those that are plain segments over Ethernet. */
import { LEDGER_AT, NEXT_TICK, SET_BACK, TAGGED, TAKEN } from '../ledger';
import { real } from './bytes';
import { takeSegment } from './segment';
import { addToLedger } from './ledger';

const RECORD_HEADER: u32 = 16;
const ETHERNET: u32 = 14;
const VLAN_TAG: u32 = 4;
/** In network byte order. */
const IPV4: u16 = 0x0008;
const IPV6: u16 = 0xdd86;
const VLAN: u16 = 0x0081;

/**
 * A little-endian pcap with microseconds and Ethernet. Returns where the first record lies that is not taken: unusual,
 * incomplete, or due for the timers. What is wrong with a record is for the reader to say.
 */
export function records(start: usize, end: usize, snaplen: u32): usize {
  const nextTick = real(LEDGER_AT, NEXT_TICK);
  const setBack = real(LEDGER_AT, SET_BACK);
  let at = start;
  let taken = 0;
  while (at + RECORD_HEADER + ETHERNET + VLAN_TAG <= end) {
    const ticks = load<u32>(at, 4);
    const captured = load<u32>(at, 8);
    const original = load<u32>(at, 12);
    const frame = at + RECORD_HEADER;
    if (captured < ETHERNET + VLAN_TAG || captured > original || captured > snaplen || <u64>captured > <u64>(end - frame) || ticks >= 1_000_000) break;
    const ts = <f64>load<u32>(at) + <f64>ticks / 1e6;
    if (ts >= nextTick || ts < setBack) break;
    let type = load<u16>(frame, 12);
    let ip = frame + ETHERNET;
    const isTagged = type == VLAN;
    if (isTagged) {
      type = load<u16>(frame, ETHERNET + 2);
      ip += VLAN_TAG;
    }
    if (type != IPV4 && type != IPV6) break;
    if ((load<u8>(ip) >>> 4 == 4) != (type == IPV4)) break;
    if (original > 0x7fffffff || !takeSegment(ip, frame + captured, frame + original, ts)) break;
    if (isTagged) addToLedger(TAGGED, 1);
    taken++;
    at = frame + captured;
  }
  addToLedger(TAKEN, taken);
  return at;
}
