/**
 * Why a packet is refused. Names follow Zeek's weirds where Zeek has one. A packet keeps the index, so that the hot
 * path handles a number; the name appears only in the statistics, as `decode.<name>`.
 */
export const reasons = [
  'ok',
  'truncated_link_header',
  'unsupported_linktype',
  'too_many_layers',
  'truncated_vlan',
  'truncated_ip',
  'unknown_ip_version',
  'ip_header_length_zero',
  'truncated_ip_length',
  'invalid_ip_header_size',
  'internally_truncated_header',
  'bad_ip_checksum',
  'ipv6_payload_zero',
  'truncated_header',
  'bad_tcp_header_length',
  'bad_udp_length',
  'truncated_arp',
  'truncated_mpls',
  'truncated_pppoe',
  'truncated_gre',
  'unknown_gre',
  'bad_tunnel_header',
  'bad_frame_check_sequence',
  'truncated_amsdu',
] as const;

export type Reason = (typeof reasons)[number];

const index = new Map<string, number>(reasons.map((name, at) => [name, at]));

/** The number of a reason, for module-level constants of the layers. */
export function reasonNumber(name: Reason): number {
  return index.get(name)!;
}
