/** Whose connection is it? The device on this network that takes part, by the address it uses. */
import type { Conn } from '../flow/conn.ts';

/** RFC 1918, RFC 6598 (shared), link-local, loopback; IPv6 unique local, link-local. */
export function isLocalAddress(address: string): boolean {
  if (address.includes(':')) return /^(f[cd]|fe[89ab]|::1$)/i.test(address);
  const [a, b] = address.split('.', 2).map(Number);
  return (
    a === 10 ||
    a === 127 ||
    (a === 192 && b === 168) ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b <= 127) ||
    (a === 0 && address === '0.0.0.0')
  );
}

/**
 * The device that a connection is counted for: a local originator, else a local responder, else the originator.
 * Null where the record has no addresses (a plain CSV).
 */
export function ownerOf(conn: Conn): string | null {
  const { id_orig_h, id_resp_h } = conn;
  if (id_orig_h === null) return id_resp_h;
  if (isLocalAddress(id_orig_h) || id_resp_h === null) return id_orig_h;
  return isLocalAddress(id_resp_h) ? id_resp_h : id_orig_h;
}
