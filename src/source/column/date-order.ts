/**
 * In which order a spreadsheet has written day and month: the first value that only one order can be decides for its
 * column. Until then a date that could be two days is none.
 */

export type DateOrder = 'day-first' | 'month-first';

// 02/03/26 5:00 PM, 2.3.2026 17:00:05, 3-2-2026, 17:00
const SPREADSHEET =
  /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2}),? +(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)? ?([AP]M)?$/i;
/** Days since the end of 1899, as spreadsheets keep times: from 2000 to 2100. */
const FIRST_DAY = 36_526;
const LAST_DAY = 73_050;
const DAYS_BEFORE_1970 = 25_569;

export interface SpreadsheetTime {
  ts: number;
  /** Without seconds, a minute's records all seem to have come at once. */
  isCoarse: boolean;
}

export class DateColumn {
  order: DateOrder | null;
  /** Whether the column counts days. */
  isSerial = false;

  constructor(order: DateOrder | null = null) {
    this.order = order;
  }

  /** Looks at the first values of a column. */
  learn(values: readonly string[]): void {
    for (const value of values) this.order ??= orderOf(value.trim());
    const numbers = values.map(Number).filter((value) => Number.isFinite(value) && value > 0);
    const areDays = numbers.every((value) => value > FIRST_DAY && value < LAST_DAY);
    // Seconds since a start of one's own lie there too, but are no fractions of a minute apart.
    const spread = Math.max(...numbers) - Math.min(...numbers);
    this.isSerial =
      numbers.length > 1 && areDays && spread < numbers.length / 24 && numbers.some((value) => value % 1 !== 0);
  }

  /** Null where it is another form; 'ambiguous' where it could be two days. */
  parse(text: string): SpreadsheetTime | 'ambiguous' | null {
    if (this.isSerial) {
      const days = Number(text);
      if (!(days > FIRST_DAY && days < LAST_DAY)) return null;
      return { ts: Math.round((days - DAYS_BEFORE_1970) * 86_400e3) / 1e3, isCoarse: false };
    }
    const found = SPREADSHEET.exec(text);
    if (found === null) return null;
    const [, first, , second, years, hour, minute, seconds, fraction, half] = found;
    this.order ??= orderOf(text);
    const isSameDay = first === second;
    if (this.order === null && !isSameDay) return 'ambiguous';
    const [day, month] = this.order === 'month-first' ? [+second, +first] : [+first, +second];
    const year = years.length === 2 ? 2000 + +years : +years;
    const hours = half ? (+hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0) : +hour;
    if (month > 12 || day > 31 || day < 1 || month < 1 || hours > 23 || +minute > 59) return null;
    const whole = Date.UTC(year, month - 1, day, hours, +minute, +(seconds ?? 0)) / 1000;
    return { ts: whole + Number(`0.${fraction ?? 0}`), isCoarse: seconds === undefined };
  }
}

function orderOf(text: string): DateOrder | null {
  const found = SPREADSHEET.exec(text);
  if (found === null) return null;
  // Points stand between days and months where the day comes first.
  if (+found[1] > 12 || found[2] === '.') return 'day-first';
  return +found[3] > 12 ? 'month-first' : null;
}
