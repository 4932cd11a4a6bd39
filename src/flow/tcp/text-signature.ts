import { latin1Text } from '../../packet/text.ts';
import * as found from './signature.ts';

/** Protocols whose first message is a line of text: what it shows. */

/** First characters, of which a pattern without any may begin with each; signature; and the pattern itself. */
const patterns: readonly (readonly [first: string, signature: number, pattern: RegExp])[] = [
  ['Ss', found.SSH_BANNER, /^SSH-[12]\./i],
  ['', found.IRC_CLIENT, /(?:^|[\r\n]) *(?:nick|user) +[^\r\n]*[\r\n]+ *(?:nick|user) +[^\r\n]/i],
  [':0234NE', found.IRC_SERVER, /^(?::[^ \r\n]{1,255} )?(?:0\d\d|2[5-6]\d|37[2-6]|433|NOTICE|ERROR) /],
  [' \t\r\n2', found.GREETING_220, /^\s{0,8}220[ -]/],
  ['12345', found.NUMBERED_REPLY, /^[1-5]\d\d[ -]/],
  [' \t\r\nHhEe', found.SMTP_CLIENT, /^\s{0,8}(?:helo|ehlo)\b/i],
  ['+', found.POP3_SERVER, /^\+OK/],
  ['*', found.IMAP_SERVER, /^\* (?:OK|PREAUTH)/i],
  [
    'SRIONMABC',
    found.SIP_MESSAGE,
    /^(?:SIP\/2\.0 |(?:REGISTER|INVITE|OPTIONS|SUBSCRIBE|NOTIFY|MESSAGE|ACK|BYE|CANCEL) sips?:)/,
  ],
  ['ROADSTPG', found.RTSP_MESSAGE, /^(?:RTSP\/\d|[A-Z_]{4,13} (?:rtsp[su]?:|\* RTSP\/))/],
  ['<\r\n ', found.XMPP_STREAM, /^(?:<\?xml[^?>]*\?>)?[\n\r ]*<stream:stream [^>]*xmlns=['"]jabber:/],
  ['CcAaUuSs', found.POP3_CLIENT, /^(?:capa|apop|auth|user|stls) ?[^\r\n]*\r\n(?:pass|quit|stat|list|stls)/i],
  ['UuAaFfSs', found.FTP_CLIENT, /^(?:user|auth|feat|syst)\b/i],
];

/** A line of IRC (RFC 1459, 2.3) and of all the others is not longer: then a second one will not tell more. */
const LONGEST_LINE = 512;
/** Zeek's `dpd_buffer_size`: what has not shown itself by then never will. */
const ENOUGH = 1024;
/** Servers may say something before they identify themselves (RFC 4253, 4.2). */
const LATE_BANNER = /[\r\n]SSH-[12]\./;
/** Commands of POP3 that FTP does not have: enough where a server has greeted as one of POP3. */
const POP3_COMMAND = /^(?:capa|apop|stls)\b/i;

export function textSignature(bytes: Uint8Array, from: number, to: number): number {
  const text = latin1Text(bytes, from, Math.min(to, from + ENOUGH));
  const start = text[0];
  const isOneLine = !text.includes('\n') && !text.includes('\r');
  for (const [first, signature, pattern] of patterns) {
    if (
      signature === found.FTP_CLIENT &&
      /^(?:user|nick) /i.test(text) &&
      !/\n/.test(text.trimEnd()) &&
      text.length < 256
    ) {
      // One line with a user's name is FTP, POP3 or the first half of an IRC registration.
      return pattern.test(text) ? found.FTP_CLIENT : found.UNDECIDED;
    }
    // Two lines are more than a search through one finds.
    if (signature === found.IRC_CLIENT && isOneLine) continue;
    if ((first === '' || first.includes(start)) && pattern.test(text)) return signature;
  }
  if (POP3_COMMAND.test(text)) return found.POP3_CLIENT;
  if (!isOneLine && LATE_BANNER.test(text)) return found.SSH_BANNER;
  return text.length < (isOneLine ? LONGEST_LINE : ENOUGH) ? found.UNDECIDED : found.UNKNOWN;
}
