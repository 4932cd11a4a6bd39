/** IGMPv3 membership reports (RFC 3376): a device joins the groups of mDNS and SSDP. */
import type { Endpoint } from './address.ts';
import { groupEndpoint, parseIpv4 } from './address.ts';
import { ByteWriter, checksum, put16 } from './bytes.ts';
import { ipFrame, Protocol, payloadOffset } from './ip.ts';

const ALL_IGMPV3_ROUTERS = groupEndpoint(parseIpv4('224.0.0.22'));
const OPTIONS = { ttl: 1, routerAlert: true };

export function membershipReport(from: Endpoint, groups: readonly Uint8Array[]): Uint8Array {
  const body = new ByteWriter(32).u8(0x22).u8(0).u16(0).u16(0).u16(groups.length);
  for (const group of groups) body.u8(4).u8(0).u16(0).bytes(group);
  const bytes = body.done();
  const frame = ipFrame(from, ALL_IGMPV3_ROUTERS, Protocol.IGMP, bytes.length, OPTIONS);
  const at = payloadOffset(from, OPTIONS);
  frame.set(bytes, at);
  put16(frame, at + 2, checksum(frame, at, at + bytes.length));
  return frame;
}
