/**
 * RFC 4180 records from text that arrives in pieces. A record without quotes is one split; a quoted one is walked.
 * A quote that is never closed, or closed in the middle of a cell, costs the line it stands on and nothing more:
 * reading goes on with the next line, so columns never shift.
 */
import { NEWLINE, QUOTE, RETURN } from './ascii.ts';
import { type PlainRow, PlainTrial } from './lines.ts';

/** Longest quoted record, in characters: quotes may hold line ends, but not a whole file. */
export const MAX_QUOTED = 256 * 1024;

export interface CsvSink {
  /** Takes rows that are written plainly, before they are cut into cells. */
  plain?: PlainRow;
  /** `line` is that of the record's first character, from 1. */
  record(cells: string[], line: number): void;
  malformed(reason: 'row.unclosed_quote' | 'row.misplaced_quote', line: number): void;
}

/** What a walk over a quoted record found. */
type Walk = { cells: string[]; end: number } | 'more' | 'unclosed' | 'misplaced';

export class CsvRecords {
  /** Number of the line where the next record starts. */
  line = 1;
  private carry = '';
  private readonly delimiter: string;
  private readonly sink: CsvSink;

  constructor(delimiter: string, sink: CsvSink) {
    this.delimiter = delimiter;
    this.sink = sink;
  }

  /** The next piece of text, and its bytes where it is ASCII; whole records are handed on at once, the rest waits. `last` ends the text. */
  push(piece: string, last: boolean, bytes: Buffer | null = null): void {
    const text = this.carry === '' ? piece : this.carry + piece;
    let at = 0;
    let quote = text.indexOf('"');
    const trial = new PlainTrial(this.sink.plain, text, this.carry === '' ? bytes : null);
    while (at < text.length) {
      const behind = trial.take(at, this.line);
      if (behind > 0) {
        at = behind;
        this.line++;
        continue;
      }
      let eol = text.indexOf('\n', at);
      if (eol < 0) {
        if (!last) break;
        eol = text.length;
      }
      if (quote >= 0 && quote < at) quote = text.indexOf('"', at);
      if (quote < 0 || quote > eol) {
        this.plain(text, at, eol);
        at = eol + 1;
        continue;
      }
      const walk = this.walk(text, at, last);
      if (walk === 'more') break;
      if (typeof walk === 'string') {
        this.sink.malformed(walk === 'unclosed' ? 'row.unclosed_quote' : 'row.misplaced_quote', this.line);
        at = eol + 1;
        this.line++;
        continue;
      }
      this.sink.record(walk.cells, this.line);
      this.line += linesIn(text, at, walk.end);
      at = walk.end;
    }
    this.carry = at === 0 ? text : text.slice(at);
  }

  private plain(text: string, from: number, eol: number): void {
    const end = eol > from && text.charCodeAt(eol - 1) === RETURN ? eol - 1 : eol;
    if (end > from) this.sink.record(text.slice(from, end).split(this.delimiter), this.line);
    this.line++;
  }

  private walk(text: string, from: number, last: boolean): Walk {
    const cells: string[] = [];
    const delimiter = this.delimiter.charCodeAt(0);
    let at = from;
    for (;;) {
      if (text.charCodeAt(at) === QUOTE) {
        const closing = closingQuote(text, at + 1);
        // At the very end of a piece the quote may be the first half of a doubled one.
        if (closing < 0 || (closing === text.length - 1 && !last)) {
          return last || text.length - from > MAX_QUOTED ? 'unclosed' : 'more';
        }
        const cell = text.slice(at + 1, closing);
        cells.push(cell.includes('"') ? cell.replaceAll('""', '"') : cell);
        at = closing + 1;
      } else {
        const end = cellEnd(text, at, delimiter);
        if (end === text.length && !last) return 'more';
        const bare = text.charCodeAt(end) === NEWLINE || end === text.length ? trimReturn(text, at, end) : end;
        cells.push(text.slice(at, bare));
        at = end;
      }
      const next = text.charCodeAt(at);
      if (next === delimiter) at++;
      else if (next === NEWLINE) return { cells, end: at + 1 };
      else if (at >= text.length) return { cells, end: at };
      else if (next === RETURN && at + 1 >= text.length) return last ? { cells, end: at + 1 } : 'more';
      else if (next === RETURN && text.charCodeAt(at + 1) === NEWLINE) return { cells, end: at + 2 };
      else return 'misplaced';
    }
  }
}

/** The quote that ends the cell, jumping over doubled ones; -1 when the text ends first. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text.charCodeAt(at + 1) === QUOTE) at = text.indexOf('"', at + 2);
  return at;
}

function cellEnd(text: string, from: number, delimiter: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === delimiter || c === NEWLINE) break;
  }
  return at;
}

const trimReturn = (text: string, from: number, end: number): number =>
  end > from && text.charCodeAt(end - 1) === RETURN ? end - 1 : end;

function linesIn(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
