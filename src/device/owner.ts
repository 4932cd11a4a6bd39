/** The device that a record is counted for, by its address. */
import type { Conn } from '../flow/conn.ts';
import { owningSide, scopeOf } from '../packet/address-scope.ts';

/** Null where the record has no addresses (a plain CSV). */
export function ownerOf({ id_orig_h, id_resp_h }: Conn): string | null {
  if (id_orig_h === null || id_resp_h === null) return id_orig_h ?? id_resp_h;
  return owningSide(scopeOf(id_orig_h), scopeOf(id_resp_h)) === 0 ? id_orig_h : id_resp_h;
}
