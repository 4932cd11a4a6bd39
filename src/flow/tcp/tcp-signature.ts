import { looksLikeDns } from '../../packet/layers/application/dns.ts';
import { looksLikeHttpRequest } from '../../packet/layers/application/http.ts';
import { looksLikeTelnet } from '../../packet/layers/application/line-protocol.ts';
import { looksLikeMqttConnect } from '../../packet/layers/application/mqtt.ts';
import { CLIENT_HELLO, SERVER_HELLO } from '../../packet/layers/application/tls.ts';
import { latin1Text } from '../../packet/text.ts';

/** What the first bytes of one direction show. A connection's service follows from both directions together. */
export const UNDECIDED = 0;
export const UNKNOWN = 1;
export const TLS_CLIENT = 2;
export const TLS_SERVER = 3;
export const HTTP_REQUEST = 4;
export const SSH_BANNER = 5;
export const MQTT_CONNECT = 6;
export const DNS_MESSAGE = 7;
export const IRC_CLIENT = 8;
export const IRC_SERVER = 9;
export const SMTP_CLIENT = 10;
export const FTP_CLIENT = 11;
export const GREETING_220 = 12;
export const POP3_CLIENT = 13;
export const POP3_SERVER = 14;
export const IMAP_SERVER = 15;
export const SIP_MESSAGE = 16;
export const TELNET = 17;

/** Zeek's `dpd_buffer_size`: what has not shown itself by then never will. */
const ENOUGH = 1024;
const DNS_PORT = 53;

/** The signature of [from, to), the beginning of a direction; UNDECIDED while more bytes may tell. */
export function tcpSignature(bytes: Uint8Array, from: number, to: number, responderPort: number): number {
  const first = bytes[from];
  if (first === 0x16 || first === 0x15) return tlsSignature(bytes, from, to);
  if (first === 0x10 && looksLikeMqttConnect(bytes, from, to)) return MQTT_CONNECT;
  if (first === 0xff && looksLikeTelnet(bytes, from, to)) return TELNET;
  if (isDnsStream(bytes, from, to, responderPort)) return DNS_MESSAGE;
  if (looksLikeHttpRequest(bytes, from, to)) return HTTP_REQUEST;
  if (!isText(bytes, from, to)) return UNKNOWN;
  return textSignature(latin1Text(bytes, from, Math.min(to, from + ENOUGH)));
}

/** A handshake record with a hello in it; an alert may come before the server's. */
function tlsSignature(bytes: Uint8Array, from: number, to: number): number {
  const at = bytes[from] === 0x15 && to - from >= 7 ? from + 7 : from;
  if (at + 6 > to) return UNDECIDED;
  if (bytes[at] !== 0x16 || bytes[at + 1] !== 3 || bytes[at + 2] > 4) return UNKNOWN;
  if (bytes[at + 5] === CLIENT_HELLO) return TLS_CLIENT;
  return bytes[at + 5] === SERVER_HELLO ? TLS_SERVER : UNKNOWN;
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

/** First characters, of which a pattern without any may begin with each; signature; and the pattern itself. */
const patterns: readonly (readonly [first: string, signature: number, pattern: RegExp])[] = [
  ['Ss', SSH_BANNER, /^SSH-[12]\./i],
  ['', IRC_CLIENT, /(?:^|[\r\n]) *(?:nick|user) +[^\r\n]*[\r\n]+ *(?:nick|user) +[^\r\n]/i],
  [':0234NE', IRC_SERVER, /^(?::[^ \r\n]{1,255} )?(?:0\d\d|2[5-6]\d|37[2-6]|433|NOTICE|ERROR) /],
  [' \t\r\n2', GREETING_220, /^\s{0,8}220[ -]/],
  [' \t\r\nHhEe', SMTP_CLIENT, /^\s{0,8}(?:helo|ehlo)\b/i],
  ['+', POP3_SERVER, /^\+OK/],
  ['*', IMAP_SERVER, /^\* (?:OK|PREAUTH)/i],
  [
    'SRIONMABC',
    SIP_MESSAGE,
    /^(?:SIP\/2\.0 |(?:REGISTER|INVITE|OPTIONS|SUBSCRIBE|NOTIFY|MESSAGE|ACK|BYE|CANCEL) sips?:)/,
  ],
  ['CcAaUu', POP3_CLIENT, /^(?:capa|apop|auth|user) ?[^\r\n]*\r\n(?:pass|quit|stat|list)/i],
  ['UuAaFfSs', FTP_CLIENT, /^(?:user|auth|feat|syst)\b/i],
];

/** A line of IRC (RFC 1459, 2.3) and of all the others is not longer: then a second one will not tell more. */
const LONGEST_LINE = 512;

function textSignature(text: string): number {
  const start = text[0];
  const isOneLine = !text.includes('\n') && !text.includes('\r');
  for (const [first, signature, pattern] of patterns) {
    if (signature === FTP_CLIENT && /^(?:user|nick) /i.test(text) && !/\n/.test(text.trimEnd()) && text.length < 256) {
      // One line with a user's name is FTP, POP3 or the first half of an IRC registration.
      return pattern.test(text) ? FTP_CLIENT : UNDECIDED;
    }
    // Two lines are more than a search through one finds.
    if (signature === IRC_CLIENT && isOneLine) continue;
    if ((first === '' || first.includes(start)) && pattern.test(text)) return signature;
  }
  return text.length < (isOneLine ? LONGEST_LINE : ENOUGH) ? UNDECIDED : UNKNOWN;
}
