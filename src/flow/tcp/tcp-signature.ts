import {
  looksLikeKerberosStream,
  looksLikeLdapRequest,
  looksLikeLdapResponse,
} from '../../packet/layers/application/ber.ts';
import {
  looksLikeMysqlGreeting,
  looksLikeMysqlLogin,
  looksLikePostgresqlAnswer,
  looksLikePostgresqlStartup,
  looksLikeRedisAnswer,
  looksLikeRedisCommand,
} from '../../packet/layers/application/database.ts';
import { DNS_PORT, looksLikeDns } from '../../packet/layers/application/dns.ts';
import { looksLikeHttpRequest } from '../../packet/layers/application/http.ts';
import { looksLikeDnp3, looksLikeModbus } from '../../packet/layers/application/industrial.ts';
import { looksLikeTelnet } from '../../packet/layers/application/line-protocol.ts';
import { looksLikeMqttConnect } from '../../packet/layers/application/mqtt.ts';
import {
  looksLikeRdpConfirm,
  looksLikeRdpRequest,
  looksLikeRfb,
} from '../../packet/layers/application/remote-desktop.ts';
import { looksLikeSocksClient, looksLikeSocksServer } from '../../packet/layers/application/socks.ts';
import { CLIENT_HELLO, SERVER_HELLO } from '../../packet/layers/application/tls.ts';
import { looksLikeOpenvpnStream } from '../../packet/layers/application/vpn.ts';
import { looksLikeDceRpc, looksLikeNetbiosSession, looksLikeSmb } from '../../packet/layers/application/windows.ts';
import { latin1Text } from '../../packet/text.ts';
import * as found from './signature.ts';
import { UNDECIDED, UNKNOWN } from './signature.ts';
import { textSignature } from './text-signature.ts';

const MODBUS_PORT = 502;
/** Bytes that tell a binary protocol: with fewer, more may. */
const ENOUGH_BINARY = 16;
const LONGEST_REQUEST_LINE = 1024;

/**
 * The signature of [from, to), the beginning of a direction; UNDECIDED while more bytes may tell. `other` is that of
 * the other direction: some answers say little, and mean something only after their question.
 */
export function tcpSignature(
  bytes: Uint8Array,
  from: number,
  to: number,
  responderPort: number,
  other = UNDECIDED,
): number {
  const first = bytes[from];
  if (first === 0x16 || first === 0x15) return tlsSignature(bytes, from, to);
  const answer = answerSignature(bytes, from, to, other);
  if (answer !== UNDECIDED) return answer;
  if (first === 0x10 && looksLikeMqttConnect(bytes, from, to)) return found.MQTT_CONNECT;
  if (first === 0xff && looksLikeTelnet(bytes, from, to)) return found.TELNET;
  if (isDnsStream(bytes, from, to, responderPort)) return found.DNS_MESSAGE;
  if (looksLikeHttpRequest(bytes, from, to)) return requestSignature(bytes, from, to);
  if (looksLikeRfb(bytes, from, to)) return found.RFB;
  if (looksLikeRedisCommand(bytes, from, to)) return found.REDIS_COMMAND;
  const binary = binarySignature(bytes, from, to, responderPort);
  if (binary !== UNDECIDED) return binary;
  if (isText(bytes, from, to)) return textSignature(bytes, from, to);
  return to - from < ENOUGH_BINARY ? UNDECIDED : UNKNOWN;
}

/** What only the question before it gives a meaning. */
function answerSignature(bytes: Uint8Array, from: number, to: number, other: number): number {
  switch (other) {
    case found.POSTGRESQL_STARTUP:
      return looksLikePostgresqlAnswer(bytes, from, to) ? found.POSTGRESQL_ANSWER : UNDECIDED;
    case found.REDIS_COMMAND:
      return looksLikeRedisAnswer(bytes, from, to) ? found.REDIS_ANSWER : UNDECIDED;
    case found.SOCKS_CLIENT:
      return looksLikeSocksServer(bytes, from, to) ? found.SOCKS_SERVER : UNDECIDED;
    case found.MYSQL_GREETING:
      return looksLikeMysqlLogin(bytes, from, to) ? found.MYSQL_LOGIN : UNDECIDED;
    default:
      return UNDECIDED;
  }
}

/** By the first byte: a protocol that begins with another costs one comparison. */
function binarySignature(bytes: Uint8Array, from: number, to: number, responderPort: number): number {
  switch (bytes[from]) {
    case 0x30:
      if (looksLikeLdapRequest(bytes, from, to)) return found.LDAP_REQUEST;
      return looksLikeLdapResponse(bytes, from, to) ? found.LDAP_RESPONSE : UNDECIDED;
    case 0x03:
      if (looksLikeRdpRequest(bytes, from, to)) return found.RDP_REQUEST;
      return looksLikeRdpConfirm(bytes, from, to) ? found.RDP_CONFIRM : UNDECIDED;
    case 0x05:
      if (looksLikeDnp3(bytes, from, to)) return found.DNP3;
      if (looksLikeDceRpc(bytes, from, to)) return found.DCE_RPC;
      return looksLikeSocksClient(bytes, from, to) ? found.SOCKS_CLIENT : UNDECIDED;
    case 0x04:
      return looksLikeSocksClient(bytes, from, to) ? found.SOCKS_CLIENT : UNDECIDED;
    case 0x81:
      return looksLikeNetbiosSession(bytes, from, to) ? found.SMB : UNDECIDED;
    case 0x00:
      if (looksLikeSmb(bytes, from, to)) return found.SMB;
      if (looksLikeKerberosStream(bytes, from, to)) return found.KERBEROS;
      if (looksLikePostgresqlStartup(bytes, from, to)) return found.POSTGRESQL_STARTUP;
      if (looksLikeOpenvpnStream(bytes, from, to)) return found.OPENVPN;
      break;
    default:
      if (looksLikeMysqlGreeting(bytes, from, to)) return found.MYSQL_GREETING;
  }
  return responderPort === MODBUS_PORT && looksLikeModbus(bytes, from, to) ? found.MODBUS : UNDECIDED;
}

/** RTSP and SIP share methods with HTTP; a proxy is asked for a tunnel; HTTP 0.9 has no version. */
function requestSignature(bytes: Uint8Array, from: number, to: number): number {
  const text = latin1Text(bytes, from, Math.min(to, from + LONGEST_REQUEST_LINE));
  const end = text.search(/[\r\n]/);
  const line = end < 0 ? text : text.slice(0, end);
  if (/^[A-Z-]+ sips?:/.test(line)) return found.SIP_MESSAGE;
  if (/^[A-Z-]+ rtsp[su]?:|RTSP\/\d/.test(line)) return found.RTSP_MESSAGE;
  if (line.startsWith('CONNECT ')) return found.HTTP_CONNECT;
  return end > 0 && !line.includes('HTTP/') && /^GET +\S+ *$/.test(line) ? found.HTTP_09_REQUEST : found.HTTP_REQUEST;
}

/** A handshake record with a hello in it; an alert may come before the server's. */
function tlsSignature(bytes: Uint8Array, from: number, to: number): number {
  const at = bytes[from] === 0x15 && to - from >= 7 ? from + 7 : from;
  if (at + 6 > to) return UNDECIDED;
  if (bytes[at] !== 0x16 || bytes[at + 1] !== 3 || bytes[at + 2] > 4) return UNKNOWN;
  if (bytes[at + 5] === CLIENT_HELLO) return found.TLS_CLIENT;
  return bytes[at + 5] === SERVER_HELLO ? found.TLS_SERVER : UNKNOWN;
}

/** DNS over TCP has a length before the message. */
function isDnsStream(bytes: Uint8Array, from: number, to: number, responderPort: number): boolean {
  if (to - from < 14) return false;
  const length = (bytes[from] << 8) | bytes[from + 1];
  const end = from + 2 + length;
  return length >= 12 && end <= to && looksLikeDns(bytes, from + 2, end, responderPort !== DNS_PORT);
}

/** Looks like lines of text: a few printable bytes. */
function isText(bytes: Uint8Array, from: number, to: number): boolean {
  const end = Math.min(to, from + 8);
  for (let at = from; at < end; at++) {
    const byte = bytes[at];
    if ((byte < 0x20 && byte !== 0x0d && byte !== 0x0a && byte !== 0x09) || byte > 0x7e) return false;
  }
  return true;
}
