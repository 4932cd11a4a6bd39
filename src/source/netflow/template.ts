/** Templates: what the records of a data set look like. */
import type { Reader } from './element.ts';
import { type OptionReader, optionReader } from './option.ts';
import { readerOf } from './vendor-element.ts';

export interface TemplateField {
  /** Bytes; `VARIABLE` where each record says. */
  length: number;
  /** Records of other templates inside (RFC 6313). */
  holdsRecords: boolean;
  read: Reader | null;
  readOption: OptionReader | null;
}

export interface Template {
  fields: TemplateField[];
  /** Records of options describe the exporter, not traffic. */
  isOptions: boolean;
  /** Shortest record, in bytes. */
  minimum: number;
  /** Data sets that it was used for. */
  used: number;
}

export const VARIABLE = 65_535;
const MAX_FIELDS = 256;
const SUB_TEMPLATE_MULTI_LIST = 293;

/** @param isScope9 it names what options of v9 are about */
export const fieldOf = (element: number, enterprise: number, length: number, isScope9 = false): TemplateField => ({
  length,
  holdsRecords: enterprise === 0 && element === SUB_TEMPLATE_MULTI_LIST,
  read: readerOf(element, enterprise),
  readOption: optionReader(element, enterprise, isScope9),
});

/** Null where it cannot be a template: a record without bytes would never end. */
export function templateOf(id: number, fields: TemplateField[], isOptions: boolean): Template | null {
  const minimum = fields.reduce((sum, { length }) => sum + (length === VARIABLE ? 1 : length), 0);
  if (id < 256 || fields.length > MAX_FIELDS || minimum === 0) return null;
  return { fields, isOptions, minimum, used: 0 };
}
