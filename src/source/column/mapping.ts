/** Column mappings that are kept as JSON: `{"Source": "id.orig_h", "bytes out": "orig_bytes"}`. */
import { readFile } from 'node:fs/promises';
import { AppError } from '../../errors.ts';
import type { ColumnMapping } from '../flow-format.ts';
import { type ConnField, columnOf, connFields, fieldOf } from './conn-fields.ts';

const MAX_ENTRIES = 200;

/** `where` names the mapping in messages. Throws `invalid_mapping`. */
export function parseMapping(text: string, where: string): ColumnMapping {
  const fail = (reason: string): never => {
    throw new AppError('invalid_mapping', { where, reason });
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError('invalid_mapping', { where, reason: 'it is not JSON' }, { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail('it is not an object');
  const entries = Object.entries(value);
  if (entries.length === 0) return fail('it maps nothing');
  if (entries.length > MAX_ENTRIES) return fail(`it has more than ${MAX_ENTRIES} entries`);
  // No prototype: column names come from files, and one of them may be `__proto__`.
  const mapping = Object.create(null) as Record<string, ConnField>;
  const sources = new Map<ConnField, string>();
  for (const [column, name] of entries) {
    const field = typeof name === 'string' ? fieldOf(name) : null;
    if (field === null) return fail(`${JSON.stringify(name)} is no field; fields are ${fieldNames()}`);
    const other = sources.get(field);
    if (other !== undefined) return fail(`"${other}" and "${column}" both become ${columnOf(field)}`);
    sources.set(field, column);
    mapping[column] = field;
  }
  return mapping;
}

/** Reads a saved mapping. Throws `invalid_mapping` and `file_not_found`. */
export async function loadMapping(path: string): Promise<ColumnMapping> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new AppError('file_not_found', { file: path }, { cause: error });
  }
  return parseMapping(text, path);
}

const fieldNames = (): string => (Object.keys(connFields) as ConnField[]).map(columnOf).join(', ');
