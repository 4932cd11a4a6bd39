/**
 * The connection record: Zeek's conn.log, field for field, in Zeek's units.
 * `id.orig_h` is written `id_orig_h` here (a dot is no part of a TypeScript name) and with its dot in every log.
 * `null` is Zeek's unset (`-`): not known, or does not apply.
 */
export interface Conn {
  /** Time of the first packet, seconds since 1970 UTC. */
  ts: number | null;
  /**
   * Set where `ts` says when, but not how fast: an exporter's time of export, a date without seconds, packets that were
   * sampled. What counts by time does not take such a record. No column of a log.
   */
  coarse_ts?: boolean;
  /** Unique ID of the connection. */
  uid: string;
  /** Originator's address and port (for ICMP the type), responder's address and port (for ICMP the code). */
  id_orig_h: string | null;
  id_orig_p: number | null;
  id_resp_h: string | null;
  id_resp_p: number | null;
  /** Transport: tcp, udp, icmp, unknown_transport. */
  proto: string | null;
  /** IP protocol number: 6, 17, 1, 58, or what an unknown transport has. */
  ip_proto: number | null;
  /** Application protocol(s) found in the payload, comma separated; null where none was recognised. */
  service: string | null;
  /** The same for protocols that Zeek has no name for: rtsp, telnet, ssdp, … No column of a conn.log. */
  own_service: string | null;
  /** Seconds from first to last packet; null for a single packet. */
  duration: number | null;
  /** Payload bytes (TCP: from sequence numbers). */
  orig_bytes: number | null;
  resp_bytes: number | null;
  /** S0 S1 SF REJ S2 S3 RSTO RSTR RSTOS0 RSTRH SH SHR OTH. */
  conn_state: string | null;
  local_orig: boolean | null;
  local_resp: boolean | null;
  /** Bytes missing from the content (gaps in the capture). */
  missed_bytes: number | null;
  /** Events in order: S h A D F R C G I Q T W X ^, upper case from the originator. */
  history: string | null;
  orig_pkts: number | null;
  /** Bytes by the total length field of the IP headers. */
  orig_ip_bytes: number | null;
  resp_pkts: number | null;
  resp_ip_bytes: number | null;
  /** UIDs of the tunnels that carried it. */
  tunnel_parents: string[] | null;
  /** Link-layer addresses (policy/protocols/conn/mac-logging) and outer VLAN (…/vlan-logging). */
  orig_l2_addr: string | null;
  resp_l2_addr: string | null;
  vlan: number | null;
  /** Labels of a labelled log; never an input of a detector. */
  label: string | null;
  detailed_label: string | null;
}

/** Whether the record says when it was well enough to tell how fast things came. */
export const hasTime = ({ ts, coarse_ts }: Conn): boolean => ts !== null && coarse_ts !== true;
