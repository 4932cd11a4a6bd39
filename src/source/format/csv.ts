/** CSV with Zeek's column names, the published upload format, or with columns that a mapping names. */
import { connOf, FOUR_FEATURES, fieldOf } from '../column/conn-fields.ts';
import { DateColumn } from '../column/date-order.ts';
import { isUid } from '../column/uid.ts';
import { defineFlowFormat } from '../flow-format.ts';
import { PlainTable, tellsHeader } from '../plain/plain-table.ts';
import { firstRows, indexColumns, readTable } from '../text/table.ts';

export const csv = defineFlowFormat({
  format: 'csv',
  title: 'CSV',
  mappable: true,
  // Any table may be one: what it lacks is said by name, which helps more than "not supported".
  recognise: (head) => head.columns.length > 1 || head.columns.some((column) => fieldOf(column) !== null),
  read: (input, head, rows, { required = FOUR_FEATURES, mapping, dates }) =>
    readTable(input, head, rows, (header) => {
      const at = indexColumns(input.name, header, required, mapping);
      const sample = firstRows(head);
      const column = (index: number): string[] => sample.map((cells) => cells[index] ?? '');
      if (at.uid >= 0 && !isUid(column(at.uid))) {
        at.uid = -1;
        rows.tally.weird('table.uid_of_something_else');
      }
      rows.check.dates = new DateColumn(dates);
      rows.check.decimalComma = head.delimiter !== ',';
      if (at.ts >= 0) rows.check.dates.learn(column(at.ts));
      const layout = { width: header.length, at, delimiter: head.delimiter, isQuoted: true };
      const isPlain = !rows.check.dates.isSerial && tellsHeader(header, at);
      return { read: (cells, check) => connOf(cells, at, check), plain: isPlain ? new PlainTable(layout) : null };
    }),
});
