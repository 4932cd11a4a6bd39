/**
 * Takes a TCP segment that most segments are like: data or an acknowledgement without other flags, between two open
 * sides, in order or a plain repetition. It does what TcpConnections.process and ConnectionTable would do with it.
 * Whatever is unusual is left alone, with nothing changed: the answer is false, and the long way takes it.
 */
import { SENDERS, SENDERS_AT, TRUNCATED } from '../ledger';
import { isSound, network, sumOf } from './bytes';
import { commit } from './commit';
import { find, fromOriginator } from './lookup';
import { count } from './ledger';
import { checksIp, checksTransport, learnsSenders } from './state';

const TCP = 6;
const TCP_HEADER: usize = 20;
/** The TCP protocol number in a pseudo-header, as a little-endian word reads it. */
const PSEUDO_TCP: u64 = TCP << 8;

/** `ip` is the IP header, `end` the end of what was captured, `wireEnd` that of what was on the wire. */
export function takeSegment(ip: usize, end: usize, wireEnd: usize, ts: f64): bool {
  const version = ip < end ? load<u8>(ip) >>> 4 : 0;
  if (version == 4) return takeIpv4(ip, end, wireEnd, ts);
  return version == 6 && takeIpv6(ip, end, wireEnd, ts);
}

/** Without options, and no fragment. */
function takeIpv4(ip: usize, end: usize, wireEnd: usize, ts: f64): bool {
  const tcp = ip + 20;
  if (tcp + TCP_HEADER > end || load<u8>(ip) != 0x45 || load<u8>(ip, 9) != TCP) return false;
  // The offset and "more fragments", in network byte order.
  if ((load<u16>(ip, 6) & 0xff3f) != 0) return false;
  if (checksIp && !isSound(sumOf(ip, tcp))) return false;
  const segmentEnd = ip + bswap<u16>(load<u16>(ip, 2));
  if (segmentEnd > wireEnd) return false;
  return takeTcp(tcp, segmentEnd, end, ip + 12, ip + 16, false, segmentEnd - ip, ts);
}

/** Without extension headers. */
function takeIpv6(ip: usize, end: usize, wireEnd: usize, ts: f64): bool {
  const tcp = ip + 40;
  if (tcp + TCP_HEADER > end || load<u8>(ip, 6) != TCP) return false;
  const segmentEnd = tcp + bswap<u16>(load<u16>(ip, 4));
  if (segmentEnd > wireEnd) return false;
  return takeTcp(tcp, segmentEnd, end, ip + 8, ip + 24, true, segmentEnd - ip, ts);
}

// @ts-ignore: decorator
@inline
function takeTcp(tcp: usize, segmentEnd: usize, end: usize, source: usize, destination: usize, isIpv6: bool, ipBytes: usize, ts: f64): bool {
  const headerLength = <usize>((load<u8>(tcp, 12) >>> 4) << 2);
  const payload = tcp + headerLength;
  if (headerLength < TCP_HEADER || payload > segmentEnd) return false;
  // ACK without SYN, FIN and RST, and a window that is open.
  if ((load<u8>(tcp, 13) & 0x17) != 0x10 || load<u16>(tcp, 14) == 0) return false;
  const isCut = segmentEnd > end;
  if (checksTransport && !isCut) {
    const length = <u16>(segmentEnd - tcp);
    const addresses = isIpv6 ? sumOf(source, source + 32) : sumOf(source, source + 8);
    if (!isSound(addresses + bswap<u16>(length) + PSEUDO_TCP + sumOf(tcp, segmentEnd))) return false;
  }
  const record = find(source, destination, network(tcp), isIpv6);
  if (record == 0) return false;
  const length = <i32>(segmentEnd - payload);
  const captured = payload < end ? length : 0;
  if (!commit(record, fromOriginator, network(tcp + 4), network(tcp + 8), length, captured > 0, isCut, <f64>ipBytes, ts)) return false;
  if (isCut && length > 0) count(TRUNCATED, 1);
  if (learnsSenders && !isCut) learn(source, isIpv6);
  return true;
}

/** The checksum was right. */
function learn(source: usize, isIpv6: bool): void {
  let sender = network(source);
  if (isIpv6) sender ^= network(source + 4) ^ network(source + 8) ^ network(source + 12);
  sender |= 1;
  const at = (sender ^ (sender >>> 12) ^ (sender >>> 23)) & (SENDERS - 1);
  store<i32>(<usize>SENDERS_AT + (<usize>at << 2), sender);
}
