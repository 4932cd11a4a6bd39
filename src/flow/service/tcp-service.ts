/** The service of a TCP connection, from what its two directions show. */
import * as found from '../tcp/signature.ts';
import { UNDECIDED, UNKNOWN } from '../tcp/signature.ts';
import { NO_SERVICES, type Services, serviceSet } from './service.ts';

/** What is looked for once the service is known. */
export const NOTHING = 0;
/** TLS that the two agree upon: STARTTLS and its like. */
export const TLS_LATER = 1;
/** Another protocol altogether: behind a proxy. */
export const ANY_INSIDE = 2;
/** The same, behind the second answer of version 5. */
export const ANY_AFTER_SOCKS = 3;
/** Logins in the messages; and remote calls through a pipe. */
export const LOGINS = 4;
export const LOGINS_AND_PIPES = 6;
/** Where data will flow, and TLS. */
export const FTP_COMMANDS = 5;

export interface TcpService {
  services: Services;
  follow: number;
}

const service = (services: Services, follow = NOTHING): TcpService => ({ services, follow });

const NONE = service(NO_SERVICES);
const HTTP = service(serviceSet('http'));
const HTTP_TUNNEL = service(serviceSet('http'), ANY_INSIDE);
const TLS = service(serviceSet('ssl'));
const IRC = service(serviceSet('irc'));
const SMTP = service(serviceSet('smtp'), TLS_LATER);
const FTP = service(serviceSet('ftp'), FTP_COMMANDS);
const POP3 = service(serviceSet('pop3'), TLS_LATER);
const LDAP = service(serviceSet('ldap_tcp'), LOGINS);
const SMB = service(serviceSet('smb'), LOGINS_AND_PIPES);
const DCE_RPC = service(serviceSet('dce_rpc'), LOGINS);
const RDP = service(serviceSet('rdp'), TLS_LATER);
const SOCKS = service(serviceSet('socks'), ANY_AFTER_SOCKS);
const MYSQL = service(serviceSet('mysql'), TLS_LATER);
const POSTGRESQL = service(serviceSet('postgresql'), TLS_LATER);

/** One direction suffices. */
const alone = new Map<number, TcpService>([
  [found.MQTT_CONNECT, service(serviceSet('mqtt'))],
  [found.DNS_MESSAGE, service(serviceSet('dns'))],
  [found.IMAP_SERVER, service(serviceSet('imap'), TLS_LATER)],
  [found.SIP_MESSAGE, service(serviceSet('sip'))],
  [found.RTSP_MESSAGE, service(serviceSet('rtsp'))],
  [found.TELNET, service(serviceSet('telnet'))],
  [found.XMPP_STREAM, service(serviceSet('xmpp'), TLS_LATER)],
  [found.KERBEROS, service(serviceSet('krb_tcp'))],
  [found.SMB, SMB],
]);

/** Both have to speak it. */
const together: readonly (readonly [one: number, other: number, found: TcpService])[] = [
  [found.SSH_BANNER, found.SSH_BANNER, service(serviceSet('ssh'))],
  [found.SMTP_CLIENT, found.GREETING_220, SMTP],
  [found.FTP_CLIENT, found.GREETING_220, FTP],
  [found.POP3_SERVER, found.POP3_CLIENT, POP3],
  [found.POP3_SERVER, found.FTP_CLIENT, POP3],
  [found.LDAP_REQUEST, found.LDAP_RESPONSE, LDAP],
  [found.DCE_RPC, found.DCE_RPC, DCE_RPC],
  [found.RDP_REQUEST, found.RDP_CONFIRM, RDP],
  [found.RFB, found.RFB, service(serviceSet('rfb'))],
  [found.MODBUS, found.MODBUS, service(serviceSet('modbus'))],
  [found.DNP3, found.DNP3, service(serviceSet('dnp3_tcp'))],
  [found.MYSQL_GREETING, found.MYSQL_LOGIN, MYSQL],
  [found.POSTGRESQL_STARTUP, found.POSTGRESQL_ANSWER, POSTGRESQL],
  [found.REDIS_COMMAND, found.REDIS_ANSWER, service(serviceSet('redis'))],
  [found.SOCKS_CLIENT, found.SOCKS_SERVER, SOCKS],
  [found.OPENVPN, found.OPENVPN, service(serviceSet('openvpn'))],
];

/** Where a client's hello alone suffices; elsewhere the server has to answer it. */
const tlsPorts = new Set([443, 563, 585, 614, 636, 989, 990, 992, 993, 995, 5223]);
const httpPorts = new Set([80, 81, 631, 1080, 3128, 8000, 8080, 8888]);

const isIrcPort = (port: number): boolean => port >= 6666 && port <= 6669;
const isFtpPort = (port: number): boolean => port === 21 || port === 2811;

/** The service that the two directions show together. */
export function tcpService(orig: number, resp: number, responderPort: number): TcpService {
  const has = (one: number) => orig === one || resp === one;
  const web = httpService(orig, resp, responderPort);
  if (web !== NONE) return web;
  if (has(found.TLS_CLIENT) && (has(found.TLS_SERVER) || tlsPorts.has(responderPort))) return TLS;
  const single = alone.get(orig) ?? alone.get(resp);
  if (single !== undefined) return single;
  if (has(found.IRC_CLIENT) && (has(found.IRC_SERVER) || isIrcPort(responderPort))) return IRC;
  for (const [one, other, both] of together) {
    if ((orig === one && resp === other) || (orig === other && resp === one)) return both;
  }
  // On its own port a command is enough, unless the server answers as no FTP server does.
  if (orig === found.FTP_CLIENT && isFtpPort(responderPort)) {
    return resp === UNDECIDED || resp === found.NUMBERED_REPLY ? FTP : NONE;
  }
  return NONE;
}

/**
 * On the ports of HTTP a request suffices. Elsewhere it has to be answered, as Zeek asks for too: many ask the same of
 * servers that speak something else.
 */
function httpService(orig: number, resp: number, responderPort: number): TcpService {
  const isAnswered = resp === found.HTTP_ANSWER;
  switch (orig) {
    case found.HTTP_CONNECT:
      return isAnswered ? HTTP_TUNNEL : httpPorts.has(responderPort) ? HTTP : NONE;
    case found.HTTP_REQUEST:
      return isAnswered || httpPorts.has(responderPort) ? HTTP : NONE;
    case found.HTTP_09_REQUEST:
      return isAnswered || (resp === UNKNOWN && httpPorts.has(responderPort)) ? HTTP : NONE;
    default:
      return NONE;
  }
}
