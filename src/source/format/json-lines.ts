/** JSON lines with Zeek's names, or with any names (nested ones with dots) and a mapping. */
import { AppError } from '../../errors.ts';
import { CONNECTION, FOUR_FEATURES, fieldOf, missingFields } from '../column/conn-fields.ts';
import { defineFlowFormat } from '../flow-format.ts';
import { jsonLineReader, parseObject } from '../text/json-rows.ts';
import { forEachLine } from '../text/lines.ts';
import { list } from '../text/table.ts';

export const jsonLines = defineFlowFormat({
  format: 'jsonl',
  title: 'JSON lines',
  mappable: true,
  recognise: (head) => parseObject(head.firstLine) !== null,
  read(input, head, rows, { required = FOUR_FEATURES, mapping }) {
    const first = parseObject(head.firstLine) ?? {};
    const there = new Set([...Object.keys(first).map(fieldOf), ...Object.values(mapping ?? {})]);
    // JSON leaves out what is not known, an address of ARP for example: any field of a connection tells what it is.
    const tells = CONNECTION.flat().some((field) => there.has(field));
    const missing = missingFields((field) => there.has(field) || (tells && !required.includes(field)), required);
    if (missing.length > 0) {
      const found = list(Object.keys(first)) || 'none';
      throw new AppError('missing_columns', { file: input.name, missing: missing.join(', '), found });
    }
    return forEachLine(input.chunks, input.name, jsonLineReader(rows, mapping));
  },
});
