/**
 * Rows of a table straight from its bytes. A row that is not written plainly is left alone, and CsvRecords or Zeek's reader take it the
 * long way: every rule is in one place, and plain-rows.test.ts holds both ways against each other.
 *
 * The speed comes from what is not made: no text for a number, no array of cells, no second text for a state or an address that
 * was read before.
 */
import type { Conn } from '../../flow/conn.ts';
import { type ConnField, type FieldIndex, fieldNames } from '../column/conn-fields.ts';
import { BACKSLASH, BLANK, DASH, NEWLINE, QUOTE, RETURN } from '../text/ascii.ts';
import {
  ADDRESS,
  COUNT,
  connOfValues,
  FLAG,
  IGNORED,
  type KnownTexts,
  kindOf,
  knownTexts,
  PORT,
  PROTO,
  SECONDS,
  SET,
  SLOTS,
  slotOf,
  TEXT,
  TIME,
  UID,
  type Values,
} from './plain-conn.ts';
import { type NumberEnd, plainNumber, plainTime } from './plain-value.ts';

const [LETTER_F, LETTER_T] = [70, 84];
const EMPTY_SET = '(empty)';
const MAX_PORT = 65_535;
/** Blanks between the columns that IoT-23 joins to one. */
const JOINT = 3;

export interface PlainLayout {
  width: number;
  at: FieldIndex;
  delimiter: string;
  /** Cells may stand in quotes; else a backslash may hide a character. */
  isQuoted: boolean;
  /** From this column on columns are joined by three blanks. */
  joinedFrom?: number;
}

export class PlainTable {
  /** The record of the row that was read last. */
  conn: Conn | null = null;
  readonly #width: number;
  readonly #kinds: Uint8Array;
  readonly #slots: Uint8Array;
  readonly #delimiter: number;
  readonly #isQuoted: boolean;
  readonly #joinedFrom: number;
  readonly #values: Values = new Array(SLOTS).fill(null);
  readonly #known: KnownTexts = knownTexts();
  readonly #end: NumberEnd = { at: 0, decimals: 0 };

  constructor({ width, at, delimiter, isQuoted, joinedFrom = width }: PlainLayout) {
    this.#width = width;
    this.#kinds = new Uint8Array(width).fill(IGNORED);
    this.#slots = new Uint8Array(width);
    for (const field of fieldNames) {
      if (at[field] < 0) continue;
      this.#kinds[at[field]] = kindOf(field);
      this.#slots[at[field]] = slotOf(field);
    }
    this.#delimiter = delimiter.charCodeAt(0);
    this.#isQuoted = isQuoted;
    this.#joinedFrom = joinedFrom;
  }

  /**
   * Reads the row at `from` of `bytes`, which are `text` and have a line end at or behind it. The place behind the row, or -1
   * where it has to be read the long way.
   */
  read(bytes: Uint8Array, text: string, from: number): number {
    const values = this.#values;
    const last = this.#width - 1;
    const isQuoted = this.#isQuoted;
    let at = from;
    for (let column = 0; column <= last; column++) {
      const kind = this.#kinds[column];
      const slot = this.#slots[column];
      const quoted = isQuoted && bytes[at] === QUOTE;
      const stop = quoted ? QUOTE : column === last ? NEWLINE : this.#delimiter;
      const begin = quoted ? at + 1 : at;
      const first = bytes[begin];
      let end: number;
      if (kind >= COUNT && kind <= SECONDS && first !== DASH) {
        const value = plainNumber(bytes, begin, this.#end);
        end = this.#end.at;
        if (end < 0 || (kind <= PORT && this.#end.decimals > 0) || (kind === PORT && value > MAX_PORT)) return -1;
        values[slot] = kind === TIME ? plainTime(value) : value;
      } else {
        end = this.#cellEnd(bytes, begin, stop, column >= this.#joinedFrom && column < last);
        if (end < 0) return -1;
        const to = column === last && !quoted && end > begin && bytes[end - 1] === RETURN ? end - 1 : end;
        if (kind !== IGNORED && !this.#text(bytes, text, begin, to, kind, slot)) return -1;
        end = to;
      }
      if (quoted) {
        if (bytes[end] !== QUOTE) return -1;
        end++;
      }
      if (column === last) return this.#lineEnd(bytes, end, values);
      if (column >= this.#joinedFrom) {
        if (bytes[end] !== BLANK || bytes[end + 1] !== BLANK || bytes[end + 2] !== BLANK) return -1;
        at = end + JOINT;
      } else {
        if (bytes[end] !== this.#delimiter) return -1;
        at = end + 1;
      }
    }
    return -1;
  }

  #lineEnd(bytes: Uint8Array, at: number, values: Values): number {
    const end = bytes[at] === RETURN ? at + 1 : at;
    if (bytes[end] !== NEWLINE) return -1;
    this.conn = connOfValues(values);
    return end + 1;
  }

  /** Where the cell ends, -1 where it holds what only the long way understands. */
  #cellEnd(bytes: Uint8Array, from: number, stop: number, isJoined: boolean): number {
    const special = this.#isQuoted ? QUOTE : BACKSLASH;
    for (let at = from; ; at++) {
      const c = bytes[at];
      if (c === stop) return at;
      if (c === NEWLINE || c === special || c === this.#delimiter) return -1;
      if (isJoined && c === BLANK && bytes[at + 1] === BLANK && bytes[at + 2] === BLANK) return at;
    }
  }

  /** Whether the cell is a plain text of its kind. */
  #text(bytes: Uint8Array, text: string, from: number, to: number, kind: number, slot: number): boolean {
    const values = this.#values;
    const first = bytes[from];
    const length = to - from;
    if (length === 1 && first === DASH) {
      values[slot] = null;
      return true;
    }
    // Blanks, signs and the apostrophe sort up to the dash; blanks at the end are cut off by the long way.
    if (length === 0 || (first <= DASH && kind !== SET) || bytes[to - 1] <= BLANK) return false;
    switch (kind) {
      case UID:
        values[slot] = text.slice(from, to);
        return true;
      case TEXT:
        values[slot] = this.#known.texts.get(bytes, from, to);
        return values[slot] !== null;
      case ADDRESS:
        values[slot] = this.#known.addresses.get(bytes, from, to);
        return values[slot] !== null;
      case PROTO:
        values[slot] = this.#known.protos.get(bytes, from, to);
        return values[slot] !== null;
      case FLAG:
        values[slot] = first === LETTER_T;
        return length === 1 && (first === LETTER_T || first === LETTER_F);
      case SET:
        values[slot] = [];
        return length === EMPTY_SET.length && text.startsWith(EMPTY_SET, from);
      default:
        // A number that is none.
        return false;
    }
  }
}

/** Fields whose columns tell a row from the header written once more: it has no number there. */
const numeric: readonly ConnField[] = fieldNames.filter((field) => {
  const kind = kindOf(field);
  return kind >= COUNT && kind <= SECONDS;
});

export const tellsHeader = (header: readonly string[], at: FieldIndex): boolean =>
  numeric.some((field) => at[field] >= 0 && /[a-z]/i.test(header[at[field]]));
