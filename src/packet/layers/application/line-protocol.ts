import { wireText } from '../../text.ts';

/** Protocols that show themselves in their first line: SSH, IRC, FTP, SMTP, POP3, IMAP. And telnet, which does not. */

const MAXIMUM_BANNER = 255;

/** The identification of SSH (RFC 4253, 4.2), `SSH-2.0-…`; null where there is none. */
export function sshBanner(bytes: Uint8Array, from: number, to: number): string | null {
  const banner = lineText(bytes, from, Math.min(to, from + MAXIMUM_BANNER));
  return /^SSH-[12]\./i.test(banner) ? banner : null;
}

/** The first line of [from, to), without its end. */
export function lineText(bytes: Uint8Array, from: number, to: number): string {
  let end = from;
  while (end < to && bytes[end] !== 0x0a && bytes[end] !== 0x0d) end++;
  return wireText(bytes, from, end);
}

const IAC = 0xff;
const WILL = 0xfb;
const DONT = 0xfe;

/** Telnet (RFC 854) begins with negotiation: IAC, then WILL, WONT, DO or DONT, then an option. */
export function looksLikeTelnet(bytes: Uint8Array, from: number, to: number): boolean {
  return from + 3 <= to && bytes[from] === IAC && bytes[from + 1] >= WILL && bytes[from + 1] <= DONT;
}
