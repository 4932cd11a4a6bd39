/**
 * Zeek's ASCII log. What its directives say holds from there on, so logs that were concatenated, or whose #fields
 * change in the middle, are read. Two labelled forms exist: IoT-23 joins tunnel_parents, label and detailed-label by
 * three spaces in one column; netflowlabeler adds two real columns. Some files indent their '#' lines with a TAB.
 */
import { AppError } from '../../errors.ts';
import type { Conn } from '../../flow/conn.ts';
import { connOf, FOUR_FEATURES } from '../column/conn-fields.ts';
import type { RowCheck } from '../column/row-check.ts';
import { defineFlowFormat, type FlowReadOptions } from '../flow-format.ts';
import { PlainTable } from '../plain/plain-table.ts';
import { forEachLine } from '../text/lines.ts';
import type { Rows } from '../text/rows.ts';
import { indexColumns } from '../text/table.ts';

/** IoT-23's joint inside its last column. */
const JOINT = '   ';
const DIRECTIVE = /^\s*#/;
const HASH = 35;

export const zeekTsv = defineFlowFormat({
  format: 'zeek',
  title: 'Zeek',
  mappable: true,
  recognise: (head) => /^[ \t]*#(separator|fields|path)\b/m.test(head.text) && DIRECTIVE.test(head.firstLine),
  async read(input, _head, rows, options) {
    const log = new ZeekLines(input.name, rows, options);
    await forEachLine(
      input.chunks,
      input.name,
      (line, number) => log.line(line, number),
      (bytes, text, from) => log.plain(bytes, text, from),
    );
    if (!log.hasFields) throw new AppError('no_fields_line', { file: input.name });
  },
});

/** Takes a log line by line. */
export class ZeekLines {
  private readonly rows: Rows;
  private readonly layout: Layout;

  constructor(file: string, rows: Rows, options: FlowReadOptions) {
    this.rows = rows;
    this.layout = new Layout(file, options);
  }

  get hasFields(): boolean {
    return this.layout.read !== null;
  }

  /** Takes a row that is written plainly: the place behind it, or -1. */
  plain(bytes: Uint8Array, text: string, from: number): number {
    const { plain } = this.layout;
    // Directives may be indented.
    if (plain === null || bytes[from] <= HASH) return -1;
    const behind = plain.read(bytes, text, from);
    if (behind > 0) this.rows.offerSound(plain.conn!);
    return behind;
  }

  /** Throws AppError where the directives say that this is no log of connections. */
  line(line: string, number: number): void {
    const { rows, layout } = this;
    if (DIRECTIVE.test(line)) layout.directive(line.trimStart());
    else if (layout.read === null) rows.tally.reject('row.before_fields', number);
    else {
      const cells = layout.split(line);
      if (cells.length === layout.width) {
        rows.check.begin();
        rows.offer(layout.read(cells, rows.check), number);
      } else rows.tally.reject('row.wrong_cell_count', number);
    }
  }
}

/** What the '#' lines have said so far. */
class Layout {
  width = 0;
  read: ((cells: string[], check: RowCheck) => Conn) | null = null;
  /** For rows that are written plainly; null before the fields, and where the log does not mark unset fields as Zeek does. */
  plain: PlainTable | null = null;
  private separator = '\t';
  private unset = '-';
  private joined = false;
  private readonly file: string;
  private readonly options: FlowReadOptions;

  constructor(file: string, options: FlowReadOptions) {
    this.file = file;
    this.options = options;
  }

  directive(line: string): void {
    if (line.startsWith('#separator ')) {
      this.separator = unescapeHex(line.slice('#separator '.length).trim()) || '\t';
      this.plain = null;
      return;
    }
    const [name, ...values] = line.split(this.separator);
    if (name === '#unset_field' && values.length > 0) {
      this.unset = values[0];
      this.plain = null;
    }
    if (name === '#path' && values.length > 0 && values[0] !== 'conn') {
      throw new AppError('not_a_conn_log', { file: this.file, path: values[0].slice(0, 40) });
    }
    if (name === '#fields') this.fields(values);
  }

  private fields(names: string[]): void {
    const last = names.at(-1) ?? '';
    this.joined = last.includes(JOINT);
    const columns = this.joined ? [...names.slice(0, -1), ...splitJoint(last)] : names;
    const { required = FOUR_FEATURES, mapping } = this.options;
    const at = indexColumns(this.file, columns, required, mapping);
    this.width = columns.length;
    this.read = (cells, check) => connOf(cells, at, check);
    const joinedFrom = this.joined ? names.length - 1 : undefined;
    const layout = { width: columns.length, at, delimiter: this.separator, isQuoted: false, joinedFrom };
    this.plain = this.unset === '-' && this.separator.length === 1 ? new PlainTable(layout) : null;
  }

  split(line: string): string[] {
    const cells = line.split(this.separator);
    if (this.joined) cells.push(...splitJoint(cells.pop() ?? ''));
    if (this.unset === '-' && !line.includes('\\x')) return cells;
    return cells.map((cell) => (cell === this.unset ? '-' : unescapeHex(cell)));
  }
}

const splitJoint = (text: string): string[] => text.split(JOINT);

/** Zeek writes separators and control characters inside a value as \xHH, one per byte of UTF-8. */
function unescapeHex(text: string): string {
  return text.replaceAll(/(?:\\x[0-9a-fA-F]{2})+/g, (run) =>
    Buffer.from(run.replaceAll('\\x', ''), 'hex').toString('utf8'),
  );
}
