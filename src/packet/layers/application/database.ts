/** Servers of data: MySQL, PostgreSQL and Redis. */

const MYSQL_PROTOCOL = 10;

/** MySQL's greeting: length, sequence 0, protocol 10, the version as text that begins with a digit and ends with 0. */
export function looksLikeMysqlGreeting(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + 12 > to || bytes[from + 2] !== 0 || bytes[from + 3] !== 0 || bytes[from + 4] !== MYSQL_PROTOCOL)
    return false;
  const length = bytes[from] | (bytes[from + 1] << 8);
  if (length < 20 || !isDigit(bytes[from + 5])) return false;
  for (let at = from + 5; at < Math.min(to, from + 100); at++) {
    if (bytes[at] === 0) return at > from + 7;
    if (bytes[at] < 0x20 || bytes[at] > 0x7e) return false;
  }
  return false;
}

/** The client's first packet: a length that fits, sequence 1, capabilities with protocol 4.1 or the old ones. */
export function looksLikeMysqlLogin(bytes: Uint8Array, from: number, to: number): boolean {
  const length = from + 9 > to ? 0 : bytes[from] | (bytes[from + 1] << 8) | (bytes[from + 2] << 16);
  return length >= 5 && bytes[from + 3] === 1 && from + 4 + length <= to;
}

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;
const VERSION_3 = 3;

/** A startup message: length, version 3 and parameters with `user`; or a request for encryption or to cancel. */
export function looksLikePostgresqlStartup(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + 8 > to || bytes[from] !== 0) return false;
  const length = word(bytes, from);
  const code = word(bytes, from + 4);
  if (length === 8 && (code === SSL_REQUEST || code === GSS_REQUEST)) return true;
  if (length === 16 && code === CANCEL_REQUEST) return true;
  if (code >>> 16 !== VERSION_3 || length < 14 || length > 10_000) return false;
  return holdsUser(bytes, from + 8, Math.min(to, from + length));
}

function holdsUser(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at + 5 <= to; at++) {
    const isUser = bytes[at] === 0x75 && bytes[at + 1] === 0x73 && bytes[at + 2] === 0x65 && bytes[at + 3] === 0x72;
    if (isUser && bytes[at + 4] === 0) return true;
  }
  return false;
}

/** The answer: `S` or `N` alone (to a request for encryption), or a typed message with a length. */
export function looksLikePostgresqlAnswer(bytes: Uint8Array, from: number, to: number): boolean {
  const type = bytes[from];
  if (to - from === 1) return type === 0x53 || type === 0x4e || type === 0x47;
  const isLetter = (type >= 0x41 && type <= 0x5a) || (type >= 0x61 && type <= 0x7a);
  return from + 5 <= to && isLetter && bytes[from + 1] === 0 && bytes[from + 2] === 0 && word(bytes, from + 1) >= 4;
}

/** RESP, as Redis clients write it: `*` and how many, then `$` and how long the first is. */
export function looksLikeRedisCommand(bytes: Uint8Array, from: number, to: number): boolean {
  if (from >= to || bytes[from] !== 0x2a) return false;
  const at = digits(bytes, from + 1, to);
  return at > from + 1 && at + 3 <= to && bytes[at] === 0x0d && bytes[at + 2] === 0x24;
}

/** An answer: status, error, number, text or list, with its line's end. */
export function looksLikeRedisAnswer(bytes: Uint8Array, from: number, to: number): boolean {
  switch (bytes[from]) {
    case 0x2b: // +
    case 0x2d: // -
    case 0x5f: // _
      return hasLineEnd(bytes, from + 1, to);
    case 0x3a: // :
    case 0x24: // $
    case 0x2a: // *
    case 0x25: // %
    case 0x7e: // ~
    case 0x3e: {
      const start = bytes[from + 1] === 0x2d ? from + 2 : from + 1;
      const at = digits(bytes, start, to);
      return at > start && at + 2 <= to && bytes[at] === 0x0d && bytes[at + 1] === 0x0a;
    }
    default:
      return false;
  }
}

function hasLineEnd(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at + 1 < to; at++) if (bytes[at] === 0x0d && bytes[at + 1] === 0x0a) return true;
  return false;
}

function digits(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && at < from + 10 && isDigit(bytes[at])) at++;
  return at;
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

const word = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
