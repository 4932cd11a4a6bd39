/** UDP datagrams of a connection that is known, or that they begin. */
import { AYIYA_INSIDE, HAS_PARENTS, SIGNATURE, TEREDO_INSIDE } from '../../table/connection-flags';
import {
  DEADLINE, FLAGS, HISTORY_SEEN, LAST, ORIG_COUNTERS, ORIG_LENGTH, PORTS, RESP_COUNTERS, RESP_LENGTH, SERVICES, WHEEL_BUCKET,
} from '../../table/record-layout';
import { DONE, OF_INTEREST, OPENED } from '../ledger';
import { network, real, setReal, setWord, word } from './bytes';
import { checkLetter, isFull } from './history';
import { find, fromOriginator } from './lookup';
import { isReversed, open } from './open';
import { countPacket, noteEvent } from './segment';
import { handshakeTimeout, isObserved, looksInside } from './state';

const UDP = 17;
const UDP_HEADER: usize = 8;
const IN_QUEUE = -2;
const DATA = 0x1;
const KEPT_ELSEWHERE = HAS_PARENTS | TEREDO_INSIDE | AYIYA_INSIDE;
/** Datagrams of one side that are looked at for their service (service-detector.ts). */
const MAXIMUM_LOOKS = 8;
/** Bits of services whose datagrams tell something: DNS, DHCP, QUIC (service.ts). */
const TELLING = 0x1 | 0x2 | 0x10;
const SSDP = 1900;
const DHCPV6_CLIENT = 546;
const DHCPV6_SERVER = 547;
const COAP = 5683;

export function takeDatagram(udp: usize, end: usize, source: usize, destination: usize, isIpv6: bool, ipBytes: usize, ts: f64): i32 {
  const declared = <i32>bswap<u16>(load<u16>(udp, 4));
  if (declared < <i32>UDP_HEADER) return 0;
  const sent = network(udp);
  let record = find(source, destination, sent, UDP, isIpv6);
  const isNew = record == 0;
  if (isNew) {
    if (isReversed(sent) || isTunnel(sent & 0xffff)) return 0;
    record = open(source, destination, sent, UDP, isIpv6, ts);
    if (record == 0) return 0;
  }
  const isOrig = fromOriginator;
  const ports = word(record, PORTS);
  // Over; or with something that is kept elsewhere.
  const isOther = real(record, DEADLINE) <= ts || (word(record, FLAGS) & KEPT_ELSEWHERE) != 0 || isTunnel(ports & 0xffff);
  if (!isNew && isOther) return 0;
  const mask = isOrig ? DATA : DATA << 1;
  if ((word(record, HISTORY_SEEN) & mask) == 0) {
    if (isFull(record)) return 0;
    checkLetter(record, mask, isOrig ? 0x44 : 0x64);
  }
  const payload = declared - <i32>UDP_HEADER;
  const length = isOrig ? ORIG_LENGTH : RESP_LENGTH;
  setReal(record, length, max<f64>(0, real(record, length)) + <f64>payload);
  setReal(record, LAST, ts);
  if (word(record, WHEEL_BUCKET) != IN_QUEUE) setReal(record, DEADLINE, ts + handshakeTimeout);
  countPacket(record, isOrig, <f64>ipBytes);
  const isSeen = payload > 0 && udp + UDP_HEADER < end;
  let taken = isNew ? DONE | OPENED : DONE;
  if (isSeen && isOfInterest(record, isOrig, ports)) taken |= OF_INTEREST;
  return taken == DONE ? DONE : noteEvent(record, isOrig, taken);
}

function isOfInterest(record: usize, isOrig: bool, ports: i32): bool {
  if (!looksInside) return false;
  const services = word(record, SERVICES);
  if (services == 0 && word(record, (isOrig ? ORIG_COUNTERS : RESP_COUNTERS) + SIGNATURE) < MAXIMUM_LOOKS) return true;
  if (!isObserved) return false;
  return (services & TELLING) != 0 || isTelling(ports >>> 16) || isTelling(ports & 0xffff);
}

function isTelling(port: i32): bool {
  return port == SSDP || port == DHCPV6_CLIENT || port == DHCPV6_SERVER || port == COAP;
}

/** The ports of packet/layers/tunnel.ts. */
function isTunnel(port: i32): bool {
  switch (port) {
    case 4789:
    case 6081:
    case 2152:
    case 2123:
    case 3544:
    case 5072:
    case 4754:
    case 5247:
      return true;
    default:
      return false;
  }
}
