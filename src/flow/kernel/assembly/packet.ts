/**
 * Takes a packet of a connection that is known, or that begins plainly, as ConnectionTable would. Whatever is unusual
 * is left alone, with nothing changed: the answer is 0, and the long way takes it. Otherwise it says what is left to do
 * (../ledger.ts).
 */
import { SENDERS, SENDERS_AT } from '../ledger';
import { isSound, network, sumOf } from './bytes';
import { takeDatagram } from './datagram';
import { takeSegment } from './segment';
import { checksIp, checksTransport, learnsSenders } from './state';

const TCP: u32 = 6;
const UDP: u32 = 17;
const UDP_HEADER: usize = 8;
const TCP_HEADER: usize = 20;

/** `ip` is the IP header, `end` the end of what was captured, `wireEnd` that of what was on the wire. */
export function takePacket(ip: usize, end: usize, wireEnd: usize, ts: f64): i32 {
  const version = ip < end ? load<u8>(ip) >>> 4 : 0;
  if (version == 4) return takeIpv4(ip, end, wireEnd, ts);
  return version == 6 ? takeIpv6(ip, end, wireEnd, ts) : 0;
}

/** Without options, and no fragment. */
function takeIpv4(ip: usize, end: usize, wireEnd: usize, ts: f64): i32 {
  const body = ip + 20;
  if (body + UDP_HEADER > end || load<u8>(ip) != 0x45) return 0;
  // The offset and "more fragments", in network byte order.
  if ((load<u16>(ip, 6) & 0xff3f) != 0) return 0;
  const bodyEnd = ip + bswap<u16>(load<u16>(ip, 2));
  if (bodyEnd > wireEnd) return 0;
  if (checksIp && !isSound(sumOf(ip, body))) return 0;
  return takeTransport(load<u8>(ip, 9), body, bodyEnd, end, wireEnd, ip + 12, ip + 16, false, bodyEnd - ip, ts);
}

/** Without extension headers. */
function takeIpv6(ip: usize, end: usize, wireEnd: usize, ts: f64): i32 {
  const body = ip + 40;
  if (body + UDP_HEADER > end) return 0;
  const bodyEnd = body + bswap<u16>(load<u16>(ip, 4));
  if (bodyEnd > wireEnd) return 0;
  return takeTransport(load<u8>(ip, 6), body, bodyEnd, end, wireEnd, ip + 8, ip + 24, true, bodyEnd - ip, ts);
}

// @ts-ignore: decorator
@inline
function takeTransport(proto: u32, body: usize, bodyEnd: usize, end: usize, wireEnd: usize, source: usize, destination: usize, isIpv6: bool, ipBytes: usize, ts: f64): i32 {
  let isChecked = checksTransport && bodyEnd <= end;
  if (proto == UDP) {
    if (body + UDP_HEADER > bodyEnd) return 0;
    // Without a checksum, or of a frame that was cut anywhere, nothing is known.
    isChecked = isChecked && (isIpv6 || load<u16>(body, 6) != 0) && wireEnd <= end;
  } else if (proto != TCP || body + TCP_HEADER > end) return 0;
  if (isChecked) {
    const length = <u16>(bodyEnd - body);
    const addresses = isIpv6 ? sumOf(source, source + 32) : sumOf(source, source + 8);
    if (!isSound(addresses + bswap<u16>(length) + (<u64>proto << 8) + sumOf(body, bodyEnd))) return 0;
  }
  const taken = proto == UDP
    ? takeDatagram(body, end, source, destination, isIpv6, ipBytes, ts)
    : takeSegment(body, bodyEnd, end, source, destination, isIpv6, ipBytes, ts);
  if (taken != 0 && learnsSenders && isChecked) learn(source, isIpv6);
  return taken;
}

/** The checksum was right. */
function learn(source: usize, isIpv6: bool): void {
  let sender = network(source);
  if (isIpv6) sender ^= network(source + 4) ^ network(source + 8) ^ network(source + 12);
  sender |= 1;
  const at = (sender ^ (sender >>> 12) ^ (sender >>> 23)) & (SENDERS - 1);
  store<i32>(<usize>SENDERS_AT + (<usize>at << 2), sender);
}
