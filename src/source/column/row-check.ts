/**
 * Strict reading of the cells of one row. Nothing is guessed: a number is decimal, finite, not negative and exact;
 * anything else makes the row a counted reject, so that no NaN ever reaches a scaler. Unset is '-' (Zeek) or empty.
 */
import type { DateColumn } from './date-order.ts';
import { isHostName } from './host-name.ts';
import { transportOf } from './protocol.ts';
import { parseTime } from './time.ts';

export type RowProblem =
  | 'row.empty'
  | 'row.not_a_number'
  | 'row.not_finite'
  | 'row.negative'
  | 'row.not_whole'
  | 'row.too_large'
  | 'row.bad_address'
  | 'row.bad_port'
  | 'row.bad_proto'
  | 'row.bad_flag'
  | 'row.not_text'
  | 'row.parts_exceed_total';

const PORT_MAX = 65_535;
const EXPONENT = /^\s*\d[\d.,]*e\+?\d+\s*$/i;
const FORMULA = /^'[=+\-@\t\r]/;

export class RowCheck {
  /** The first problem of the row; null while it is good. Set it to null before each row. */
  problem: RowProblem | null = null;
  /** A time that nobody could read: the row stays, since scoring needs no clock, and the caller counts it. */
  unreadableTime = false;
  /** A time without seconds. */
  coarseTime = false;
  /** A date that could be two days. */
  ambiguousDate = false;
  /** A spreadsheet that separates cells by other signs than commas may write 1,5. */
  decimalComma = false;
  /** How the file writes dates, where it may be a spreadsheet's. */
  dates: DateColumn | null = null;
  /** Good addresses that were seen last: most rows have one of the row before. */
  private newest: string | null = null;
  private second: string | null = null;

  begin(): void {
    this.problem = null;
    this.unreadableTime = false;
    this.coarseTime = false;
    this.ambiguousDate = false;
  }

  /** A number of packets or bytes: a whole one, and more than 2^53 is not exact. */
  count(cell: string | undefined): number | null {
    const value = this.amount(cell);
    return value === null || Number.isInteger(value) ? value : this.fail('row.not_whole');
  }

  /** A count that is yet to be multiplied: the 1.2 of `1.2 M`. */
  amount(cell: string | undefined): number | null {
    if (cell === undefined || isUnset(cell)) return null;
    const value = this.decimal(cell);
    if (value !== null && value > Number.MAX_SAFE_INTEGER) return this.fail('row.too_large');
    return value;
  }

  /** Like `count`, but an empty cell spoils the row ('-' still means that the meter does not know). */
  requiredCount(cell: string | undefined): number | null {
    if (cell === undefined || cell.trim() === '') return this.fail('row.empty');
    return this.count(cell);
  }

  /** Seconds from a cell that counts `perSecond` parts of one. */
  seconds(cell: string | undefined, perSecond = 1): number | null {
    if (cell === undefined || isUnset(cell)) return null;
    const value = this.decimal(this.decimalComma ? withPoint(cell) : cell);
    return value === null ? null : value / perSecond;
  }

  port(cell: string | undefined): number | null {
    if (cell === undefined || isUnset(cell)) return null;
    const value = this.decimal(cell);
    if (value === null) return null;
    return value <= PORT_MAX && Number.isInteger(value) ? value : this.fail('row.bad_port');
  }

  flag(cell: string | undefined): boolean | null {
    if (cell === undefined || isUnset(cell)) return null;
    switch (cell.trim().toLowerCase()) {
      case 't':
      case 'true':
      case '1':
        return true;
      case 'f':
      case 'false':
      case '0':
        return false;
      default:
        return this.fail('row.bad_flag');
    }
  }

  time(cell: string | undefined): number | null {
    if (cell === undefined || isUnset(cell)) return null;
    const { dates } = this;
    if (dates !== null) {
      const found = dates.parse(cell.trim());
      this.ambiguousDate = found === 'ambiguous';
      if (found === 'ambiguous') return null;
      if (found !== null) {
        this.coarseTime = found.isCoarse;
        return found.ts;
      }
    }
    const value = parseTime(this.decimalComma ? withPoint(cell) : cell);
    if (value === null) this.unreadableTime = true;
    // What a spreadsheet has shortened to 1.77E+09 is hours off.
    else if (EXPONENT.test(cell)) this.coarseTime = true;
    return value;
  }

  address(cell: string | undefined): string | null {
    if (cell === this.newest) return this.newest;
    const text = cell === this.second ? this.second : this.text(cell);
    if (text === null) return null;
    if (text !== this.second && !isHostName(text)) return this.fail('row.bad_address');
    this.second = this.newest;
    this.newest = text;
    return text;
  }

  /** Zeek's name of the transport, from its name or number. */
  proto(cell: string | undefined): string | null {
    const text = this.text(cell);
    return text === null ? null : (transportOf(text) ?? this.fail('row.bad_proto'));
  }

  text(cell: string | undefined): string | null {
    if (cell === undefined || isUnset(cell)) return null;
    const text = cell.trim();
    // The apostrophe that keeps spreadsheets from taking a text for a formula (flow/write-csv.ts) is no part of it.
    return text.charCodeAt(0) === 39 && FORMULA.test(text) ? text.slice(1) : text;
  }

  fail(problem: RowProblem): null {
    this.problem ??= problem;
    return null;
  }

  private decimal(cell: string): number | null {
    const value = looksDecimal(cell) ? Number(cell) : looksDecimal(cell.trim()) ? Number(cell.trim()) : Number.NaN;
    if (Number.isNaN(value))
      return this.fail(/^\s*[+-]?inf(inity)?\s*$/i.test(cell) ? 'row.not_finite' : 'row.not_a_number');
    if (value === Infinity || value === -Infinity) return this.fail('row.not_finite');
    if (value < 0) return this.fail('row.negative');
    return value === 0 ? 0 : value;
  }
}

/** Only where nothing else may be meant: thousands are no seconds. */
const withPoint = (cell: string): string => (/^\s*\d+,\d+(e\+?\d+)?\s*$/i.test(cell) ? cell.replace(',', '.') : cell);

function isUnset(cell: string): boolean {
  // Blanks and '-' sort before the digits and letters: almost every cell is decided by its first character.
  if (cell.charCodeAt(0) > 45) return false;
  const trimmed = cell.trim();
  return trimmed === '' || trimmed === '-';
}

/** Only the characters of a decimal number: `Number()` alone would take '0x10', '' and ' '. */
function looksDecimal(cell: string): boolean {
  if (cell === '') return false;
  for (let i = 0; i < cell.length; i++) {
    const c = cell.charCodeAt(i);
    const ok = (c >= 48 && c <= 57) || c === 46 || c === 43 || c === 45 || c === 101 || c === 69;
    if (!ok) return false;
  }
  return true;
}
