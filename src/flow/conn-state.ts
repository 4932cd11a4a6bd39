import { CLOSED, ESTABLISHED, INACTIVE, PARTIAL, RESET, SYN_ACK_SENT, SYN_SENT } from './table/connection-flags.ts';

/** Zeek's `conn_state` of a TCP connection, from the states of its endpoints. */
export function tcpConnState(orig: number, resp: number, noData: boolean, history: string): string {
  const origInactive = orig === INACTIVE || orig === PARTIAL;
  const respInactive = resp === INACTIVE || resp === PARTIAL;
  if (resp === RESET) {
    if (orig === SYN_SENT || orig === SYN_ACK_SENT || (orig === RESET && noData)) return 'REJ';
    return origInactive ? 'RSTRH' : 'RSTR';
  }
  if (orig === RESET) {
    if (!respInactive) return 'RSTO';
    return /^\^?S[^HAFGIQ]*R/.test(history) ? 'RSTOS0' : 'OTH';
  }
  if (resp === CLOSED && orig === CLOSED) return 'SF';
  if (orig === CLOSED) return respInactive ? 'SH' : 'S2';
  if (resp === CLOSED) return origInactive ? 'SHR' : 'S3';
  if (orig === SYN_SENT && resp === INACTIVE) return 'S0';
  if (orig === ESTABLISHED && resp === ESTABLISHED) return 'S1';
  return 'OTH';
}

/** The same for UDP, from whether each side sent anything. */
export function udpConnState(origActive: boolean, respActive: boolean): string {
  if (origActive) return respActive ? 'SF' : 'S0';
  return respActive ? 'SHR' : 'OTH';
}
