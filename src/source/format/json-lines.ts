/** JSON lines with Zeek's names, or with any names (nested ones with dots) and a mapping. */
import { AppError } from '../../errors.ts';
import { CONNECTION, FOUR_FEATURES, fieldOf, missingFields } from '../column/conn-fields.ts';
import { isUid } from '../column/uid.ts';
import { defineFlowFormat } from '../flow-format.ts';
import type { JsonObject } from '../text/json-object.ts';
import { forEachObject, jsonReader, plainReader } from '../text/json-rows.ts';
import { list } from '../text/table.ts';

export const jsonLines = defineFlowFormat({
  format: 'jsonl',
  title: 'JSON lines',
  mappable: true,
  recognise: ({ objects }) => objects.length > 0,
  read(input, head, rows, { required = FOUR_FEATURES, mapping }) {
    const [first] = head.objects;
    // Records leave out what is not known: what any of the first ones has, the file has.
    const names = new Set(head.objects.flatMap((object) => Object.keys(object)));
    const there = new Set([...[...names].map(fieldOf), ...Object.values(mapping ?? {})]);
    // JSON leaves out what is not known, an address of ARP for example: any field of a connection tells what it is.
    const tells = CONNECTION.flat().some((field) => there.has(field));
    const missing = missingFields((field) => there.has(field) || (tells && !required.includes(field)), required);
    if (missing.length > 0) {
      const found = list(Object.keys(first)) || 'none';
      throw new AppError('missing_columns', { file: input.name, missing: missing.join(', '), found });
    }
    const without = isUid(head.objects.map(uidOf)) ? [] : (['uid'] as const);
    const plain = plainReader(rows, [], mapping, without);
    return forEachObject(input, head, rows.tally, jsonReader(rows, mapping, without), plain);
  },
});

const uidOf = ({ uid }: JsonObject): string | undefined => (uid === undefined ? undefined : String(uid));
