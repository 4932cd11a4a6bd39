/** Begins a connection with its first packet, as ConnectionStore.insert and ConnectionTable do together. */
import { REASSEMBLED_SEQ, TRIMMED_SEQ } from '../../table/connection-flags';
import {
  DEADLINE, HASH, IPV6_KEY, KIND, LAST, MACS, ORIG_ADDRESS, ORIG_ENDPOINT, ORIG_LENGTH, ORIG_REST, PORTS, RESP_ADDRESS,
  RESP_ENDPOINT, RESP_LENGTH, RESP_REST, SERIAL, START, VLANS, WHEEL_NEXT, WORDS,
} from '../../table/record-layout';
import { CAPACITY, COUNT, FREE, LEDGER_AT, MAXIMUM_PROBES, PORTS_AT, SERIALS, UDP_SERVER, USED } from '../ledger';
import { network, setReal, setWord, word } from './bytes';
import { ETHERNET } from './ethernet';
import { tableMask } from './ledger';
import { hashOf, setRecent } from './lookup';
import { handshakeTimeout, recordsAt, table } from './state';

const TCP = 6;
const ADDRESS: usize = 6;

/** The Ethernet frame that is looked at; 0 where there is none, and then nothing is opened. */
let frame: usize = 0;
let isTagged: bool = false;

export function setFrame(at: usize, tagged: bool): void {
  frame = at;
  isTagged = tagged;
}

/** A server's port speaks to one that is none: the sender is the responder, unless it is a broadcast (long way). */
export function isReversed(ports: i32): bool {
  return isUdpServer(ports >>> 16) && !isUdpServer(ports & 0xffff);
}

// @ts-ignore: decorator
@inline
function isUdpServer(port: i32): bool {
  return (load<u8>(<usize>PORTS_AT + <usize>port) & UDP_SERVER) != 0;
}

/**
 * The record of a connection that `find` did not find, with its sender as originator; 0 where the long way has to make
 * it: the table is full, has to grow, or is attacked.
 */
export function open(source: usize, destination: usize, ports: i32, proto: i32, isIpv6: bool, ts: f64): usize {
  const count = word(LEDGER_AT, COUNT);
  const mask = tableMask();
  if (frame == 0 || count >= word(LEDGER_AT, CAPACITY) || <u32>(count + 1) * 2 > mask + 1) return 0;
  const kind = isIpv6 ? proto | IPV6_KEY : proto;
  const hash = hashOf(source, destination, ports, kind, isIpv6);
  let at: u32 = <u32>hash & mask;
  for (let probes = 0; load<i32>(table + (<usize>at << 3)) != 0; at = (at + 1) & mask) {
    if (++probes > MAXIMUM_PROBES) return 0;
  }
  const slot = takeSlot();
  const record = recordsAt + <usize>slot * (WORDS << 2);
  memory.fill(record, 0, WORDS << 2);
  setWord(record, ORIG_ADDRESS, network(source));
  setWord(record, RESP_ADDRESS, network(destination));
  if (isIpv6) {
    copyRest(record, ORIG_REST, source);
    copyRest(record, RESP_REST, destination);
  }
  setWord(record, PORTS, ports);
  setWord(record, KIND, kind);
  setWord(record, HASH, hash);
  setWord(record, SERIAL, word(LEDGER_AT, SERIALS));
  setWord(LEDGER_AT, SERIALS, word(LEDGER_AT, SERIALS) + 1);
  setWord(LEDGER_AT, COUNT, count + 1);
  const place = table + (<usize>at << 3);
  store<i32>(place, slot + 1);
  store<i32>(place, hash, 4);
  setReal(record, START, ts);
  setReal(record, LAST, ts);
  setReal(record, DEADLINE, ts + handshakeTimeout);
  copyLink(record);
  if (proto == TCP) {
    beginNumbers(record + (ORIG_ENDPOINT << 2));
    beginNumbers(record + (RESP_ENDPOINT << 2));
  } else {
    setReal(record, ORIG_LENGTH, -1);
    setReal(record, RESP_LENGTH, -1);
  }
  setRecent(record);
  return record;
}

function takeSlot(): i32 {
  const free = word(LEDGER_AT, FREE);
  if (free >= 0) {
    setWord(LEDGER_AT, FREE, word(recordsAt + <usize>free * (WORDS << 2), WHEEL_NEXT));
    return free;
  }
  const slot = word(LEDGER_AT, USED);
  setWord(LEDGER_AT, USED, slot + 1);
  return slot;
}

/** Relative sequence numbers begin with 1, behind the SYN. */
function beginNumbers(endpoint: usize): void {
  setWord(endpoint, REASSEMBLED_SEQ, 1);
  setWord(endpoint, TRIMMED_SEQ, 1);
}

function copyRest(record: usize, rest: i32, address: usize): void {
  for (let i = 0; i < 3; i++) setWord(record, rest + i, network(address + 4 + (<usize>i << 2)));
}

/** Link-layer addresses, the sender's first, and the VLAN. */
function copyLink(record: usize): void {
  const macs = record + (MACS << 2);
  store<u32>(macs, load<u32>(frame + ADDRESS));
  store<u16>(macs, load<u16>(frame + ADDRESS, 4), 4);
  store<u32>(macs + ADDRESS, load<u32>(frame));
  store<u16>(macs + ADDRESS, load<u16>(frame, 4), 4);
  if (isTagged) setWord(record, VLANS, <i32>(bswap<u16>(load<u16>(frame, ETHERNET)) & 0xfff) + 1);
}
