/** Finds a connection by the addresses and ports of a packet, as ConnectionStore.find does. */
import { IPV6_KEY, KIND, ORIG_ADDRESS, ORIG_REST, PORTS, RESP_ADDRESS, RESP_REST, WORDS } from '../../table/record-layout';
import { network, word } from './bytes';
import { hashSeed, tableMask } from './ledger';
import { recordsAt, table } from './state';

const NONE: usize = 0;

/** The last `find`: the sender is the originator. */
export let fromOriginator: bool = true;
/** Packets of a connection come in a row more often than not. A record that was removed has no kind. */
export let recent: usize = NONE;

/** From now on the record that was just opened is the recent one, and its sender the originator. */
export function setRecent(record: usize): void {
  recent = record;
  fromOriginator = true;
}

/** The record, or 0. `source` and `destination` point at the addresses, `ports` is source << 16 | destination. */
export function find(source: usize, destination: usize, ports: i32, proto: i32, isIpv6: bool): usize {
  const kind = isIpv6 ? proto | IPV6_KEY : proto;
  if (recent != NONE && matches(recent, source, destination, ports, kind, isIpv6)) return recent;
  const hash = hashOf(source, destination, ports, kind, isIpv6);
  const mask = tableMask();
  for (let at: u32 = (<u32>hash) & mask; ; at = (at + 1) & mask) {
    const place = table + ((<usize>at) << 3);
    const slot = load<i32>(place) - 1;
    if (slot < 0) return NONE;
    if (load<i32>(place, 4) != hash) continue;
    const record = recordsAt + (<usize>slot) * (WORDS << 2);
    if (!matches(record, source, destination, ports, kind, isIpv6)) continue;
    recent = record;
    return record;
  }
}

// @ts-ignore: decorator
@inline
export function hashOf(source: usize, destination: usize, ports: i32, kind: i32, isIpv6: bool): i32 {
  const seed = hashSeed();
  let a = network(source) ^ seed;
  let b = network(destination) ^ seed;
  if (isIpv6) {
    a = fold(fold(fold(a, network(source + 4)), network(source + 8)), network(source + 12));
    b = fold(fold(fold(b, network(destination + 4)), network(destination + 8)), network(destination + 12));
  }
  return finish((foldPort(a, ports >>> 16) + foldPort(b, ports & 0xffff)) ^ kind ^ seed);
}

// @ts-ignore: decorator
@inline
function matches(record: usize, source: usize, destination: usize, ports: i32, kind: i32, isIpv6: bool): bool {
  if (word(record, KIND) != kind) return false;
  const own = word(record, PORTS);
  if (own == ports && isOrig(record, source, isIpv6) && isResp(record, destination, isIpv6)) {
    fromOriginator = true;
    return true;
  }
  if (own == rotl<i32>(ports, 16) && isOrig(record, destination, isIpv6) && isResp(record, source, isIpv6)) {
    fromOriginator = false;
    return true;
  }
  return false;
}

// @ts-ignore: decorator
@inline
function isOrig(record: usize, address: usize, isIpv6: bool): bool {
  return word(record, ORIG_ADDRESS) == network(address) && (!isIpv6 || hasRest(record + (ORIG_REST << 2), address));
}

// @ts-ignore: decorator
@inline
function isResp(record: usize, address: usize, isIpv6: bool): bool {
  return word(record, RESP_ADDRESS) == network(address) && (!isIpv6 || hasRest(record + (RESP_REST << 2), address));
}

function hasRest(kept: usize, address: usize): bool {
  return load<i32>(kept) == network(address + 4) && load<i32>(kept, 4) == network(address + 8) && load<i32>(kept, 8) == network(address + 12);
}

// @ts-ignore: decorator
@inline
function fold(state: i32, value: i32): i32 {
  let h = (state ^ (state >>> 16)) * 0x85ebca6b;
  h ^= h >>> 13;
  return (h ^ value) * 0xc2b2ae35;
}

// @ts-ignore: decorator
@inline
function foldPort(state: i32, port: i32): i32 {
  const h = fold(state, port);
  return h ^ (h >>> 15);
}

// @ts-ignore: decorator
@inline
function finish(value: i32): i32 {
  let h = (value ^ (value >>> 16)) * 0x85ebca6b;
  h = (h ^ (h >>> 13)) * 0xc2b2ae35;
  return h ^ (h >>> 16);
}
