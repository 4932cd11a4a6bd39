/**
 * The session cookie: better-auth signs it, and it is checked here, so that a request costs one look into the database
 * and better-auth is loaded only when somebody signs in. Under TLS every cookie is called `__Host-…` outside: such a
 * one can be set by nobody but this host, and never over plain HTTP.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export const COOKIE_PREFIX = 'guardian';
export const SESSION_COOKIE = `${COOKIE_PREFIX}.session_token`;
const HOST_PREFIX = '__Host-';

/** The cookies of ours in a request's header, under the names that better-auth gave them. */
export function ownCookies(header: string | undefined, secure: boolean): Map<string, string> {
  const cookies = new Map<string, string>();
  const wanted = secure ? HOST_PREFIX + COOKIE_PREFIX : COOKIE_PREFIX;
  for (const pair of (header ?? '').split(';')) {
    const [name, ...rest] = pair.trim().split('=');
    if (!name.startsWith(`${wanted}.`)) continue;
    const inner = secure ? name.slice(HOST_PREFIX.length) : name;
    // Of two of one name the first counts, as for every other reader of the header.
    if (!cookies.has(inner)) cookies.set(inner, rest.join('='));
  }
  return cookies;
}

export const toCookieHeader = (cookies: ReadonlyMap<string, string>): string =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

/** Cookies that better-auth sets, as they leave here. */
export const toSetCookies = (headers: Headers, secure: boolean): string[] =>
  headers.getSetCookie().map((cookie) => (secure ? `${HOST_PREFIX}${cookie}; Secure` : cookie));

/** The token in the cookie's value; undefined where we have not signed it. */
export function readSessionToken(value: string, secret: string): string | undefined {
  const text = decode(value);
  const dot = text.lastIndexOf('.');
  if (dot < 1) return undefined;
  const token = text.slice(0, dot);
  const expected = createHmac('sha256', secret).update(token).digest();
  const given = Buffer.from(text.slice(dot + 1), 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : undefined;
}

/** As better-auth writes it. */
export function signSessionToken(token: string, secret: string): string {
  const signature = createHmac('sha256', secret).update(token).digest('base64');
  return encodeURIComponent(`${token}.${signature}`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
