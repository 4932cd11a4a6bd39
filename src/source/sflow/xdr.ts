/** What samples and their records look like from outside (RFC 4506): a format, a length, and bytes up to a multiple of four. */

export interface Opaque {
  format: number;
  /** Where its bytes begin, and one past the last. */
  start: number;
  end: number;
  /** Where the next one begins. */
  next: number;
}

/** Null where it does not fit before `end`. */
export function boundsOf(view: DataView, at: number, end: number): Opaque | null {
  if (at + 8 > end) return null;
  const start = at + 8;
  const stop = start + view.getUint32(at + 4);
  if (stop > end) return null;
  return { format: view.getUint32(at), start, end: stop, next: start + Math.ceil((stop - start) / 4) * 4 };
}
