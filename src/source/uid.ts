/** Connection ids for logs that have none: the same row of the same file always gets the same one. */
import type { Conn } from '../flow/conn.ts';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Zeek's shape: 'C' and base-62 digits; FNV-1a over the row's key and number (unique within the file). */
export function makeUid(conn: Conn, row: number): string {
  const key = `${conn.ts} ${conn.id_orig_h} ${conn.id_orig_p} ${conn.id_resp_h} ${conn.id_resp_p} ${conn.proto} ${row}`;
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < key.length; i++) {
    const c = key.charCodeAt(i);
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(b ^ c, 0x5bd1e995);
  }
  return `C${base62(a ^ (a >>> 15))}${base62(b ^ (b >>> 13))}`;
}

/** Six digits hold 32 bits. */
function base62(value: number): string {
  let rest = value >>> 0;
  let digits = '';
  for (let i = 0; i < 6; i++) {
    digits += DIGITS[rest % 62];
    rest = Math.floor(rest / 62);
  }
  return digits;
}
