import type { TcpTimeouts } from '../tcp/tcp-deadline.ts';

/** Seconds, under Zeek's names. */
export interface Timeouts extends TcpTimeouts {
  icmpInactivityTimeout: number;
  /** Zeek's DNS analyzer looks this often whether a session is still in use. */
  dnsSessionTimeout: number;
}

/** Zeek's defaults (init-bare.zeek). */
export const defaultTimeouts: Readonly<Timeouts> = {
  tcpSynTimeout: 5,
  tcpSessionTimer: 6,
  tcpConnectionLinger: 5,
  tcpAttemptDelay: 5,
  tcpCloseDelay: 5,
  tcpInactivityTimeout: 300,
  udpInactivityTimeout: 60,
  icmpInactivityTimeout: 60,
  dnsSessionTimeout: 10,
  interactiveInactivityTimeout: 3600,
};
