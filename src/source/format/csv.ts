/** CSV with Zeek's column names, the published upload format, or with columns that a mapping names. */
import { connOf, FOUR_FEATURES, fieldOf } from '../column/conn-fields.ts';
import { defineFlowFormat } from '../flow-format.ts';
import { indexColumns, readTable } from '../text/table.ts';

export const csv = defineFlowFormat({
  format: 'csv',
  title: 'CSV',
  mappable: true,
  // Any table may be one: what it lacks is said by name, which helps more than "not supported".
  recognise: (head) => head.columns.length > 1 || head.columns.some((column) => fieldOf(column) !== null),
  read: (input, head, rows, { required = FOUR_FEATURES, mapping }) =>
    readTable(input, head.delimiter, rows, (header) => {
      const at = indexColumns(input.name, header, required, mapping);
      return (cells, check) => connOf(cells, at, check);
    }),
});
