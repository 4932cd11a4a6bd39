/** Zeek's JSON log: one object per line, unset fields left out, `id.orig_h` with its dot. */
import { AppError } from '../../errors.ts';
import { type ConnField, columnOf, FOUR_FEATURES } from '../conn-fields.ts';
import { defineFlowFormat } from '../flow-format.ts';
import { jsonLineReader, parseObject } from '../json-rows.ts';
import { forEachLine } from '../lines.ts';

/** Fields that every conn.log entry has, whatever happened. */
const ALWAYS: readonly ConnField[] = ['orig_pkts', 'resp_pkts', 'conn_state'];

export const zeekJson = defineFlowFormat({
  format: 'zeek-json',
  title: 'Zeek',
  recognise(head) {
    const first = parseObject(head.firstLine);
    return (
      first !== null && Object.hasOwn(first, 'ts') && Object.hasOwn(first, 'uid') && Object.hasOwn(first, 'id.orig_h')
    );
  },
  read(input, head, rows, { required = FOUR_FEATURES }) {
    const first = parseObject(head.firstLine) ?? {};
    if (required.length > 0 && !ALWAYS.some((field) => Object.hasOwn(first, field))) {
      const missing = ALWAYS.map(columnOf).join(', ');
      throw new AppError('missing_columns', {
        file: input.name,
        missing,
        found: Object.keys(first).slice(0, 12).join(', '),
      });
    }
    return forEachLine(input.chunks, input.name, jsonLineReader(rows));
  },
});
