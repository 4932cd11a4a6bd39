/**
 * Flow meters count bytes at different layers; Zeek's `*_bytes` are payload and `*_ip_bytes` whole IP packets.
 * Here the one is turned into the other: frame → IP is exact for untagged Ethernet without padding, IP → payload takes
 * the headers without options (exact for most UDP; TCP options make it an upper bound). docs/inputs.md says so.
 */
import type { Conn } from '../flow/conn.ts';

export type ByteLayer = 'frame' | 'ip' | 'payload';

const ETHERNET_HEADER = 14;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const transportHeader: Readonly<Record<string, number>> = { tcp: 20, udp: 8, icmp: 8 };

/** Sets the four byte fields from counts at `layer`; needs the packets, the addresses and the protocol to be set. */
export function setBytes(conn: Conn, orig: number | null, resp: number | null, layer: ByteLayer): void {
  if (layer === 'payload') {
    conn.orig_bytes = orig;
    conn.resp_bytes = resp;
    return;
  }
  const link = layer === 'frame' ? ETHERNET_HEADER : 0;
  const version6 = (conn.id_orig_h ?? conn.id_resp_h ?? '').includes(':');
  const headers = (version6 ? IPV6_HEADER : IPV4_HEADER) + (transportHeader[conn.proto ?? ''] ?? 0);
  conn.orig_ip_bytes = without(orig, conn.orig_pkts, link);
  conn.resp_ip_bytes = without(resp, conn.resp_pkts, link);
  conn.orig_bytes = without(conn.orig_ip_bytes, conn.orig_pkts, headers);
  conn.resp_bytes = without(conn.resp_ip_bytes, conn.resp_pkts, headers);
}

const without = (bytes: number | null, packets: number | null, each: number): number | null =>
  bytes === null ? null : Math.max(0, bytes - (packets ?? 0) * each);
