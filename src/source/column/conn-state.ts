/** Zeek's `conn_state` from what other meters keep of a connection: which flags each side has sent, or just packets. */
import type { Conn } from '../../flow/conn.ts';

export interface TcpFlags {
  syn: boolean;
  fin: boolean;
  rst: boolean;
}

/** From the flags byte of a TCP header (NetFlow's tcpControlBits, Suricata's tcp_flags_ts). */
export const flagsOf = (bits: number): TcpFlags => ({
  fin: (bits & 1) !== 0,
  syn: (bits & 2) !== 0,
  rst: (bits & 4) !== 0,
});

/** From letters, as Argus (`SRPA`) and nfdump (`.AP.SF`) print the flags that were seen. */
export const flagLetters = (text: string): TcpFlags => ({
  syn: text.includes('S'),
  fin: text.includes('F'),
  rst: text.includes('R'),
});

/**
 * Null for TCP where the flags are not known per side. The order of a FIN and a RST is lost, so a connection with
 * both counts as reset, as in Zeek.
 */
export function connState(conn: Conn, orig: TcpFlags | null, resp: TcpFlags | null): string | null {
  if (conn.proto === 'udp') return answerState(conn);
  if (conn.proto === 'icmp') return 'OTH';
  if (conn.proto !== 'tcp' || orig === null || resp === null) return null;
  if (!orig.syn) return resp.syn ? (resp.rst ? 'RSTRH' : resp.fin ? 'SHR' : 'OTH') : 'OTH';
  if (!resp.syn) {
    if (resp.rst) return 'REJ';
    if (orig.rst) return 'RSTOS0';
    return orig.fin ? 'SH' : 'S0';
  }
  if (resp.rst) return 'RSTR';
  if (orig.rst) return 'RSTO';
  if (orig.fin && resp.fin) return 'SF';
  if (orig.fin) return 'S2';
  return resp.fin ? 'S3' : 'S1';
}

function answerState(conn: Conn): string | null {
  if (conn.orig_pkts === null || conn.resp_pkts === null) return null;
  if (conn.resp_pkts === 0) return 'S0';
  return conn.orig_pkts === 0 ? 'SHR' : 'SF';
}
