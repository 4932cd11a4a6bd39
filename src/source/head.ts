/**
 * The beginning of a text file, for recognising what it is. Its first line alone never decides: rotation cuts lines,
 * tools print titles and warnings, loggers put their own words in front.
 */
import { fieldOf } from './column/conn-fields.ts';
import type { Head } from './flow-format.ts';
import { type JsonObject, parseObject } from './text/json-object.ts';
import { ObjectSplitter } from './text/object-splitter.ts';

/** Lines that may stand before a header, and objects that are looked at. */
const MAX_LINES = 12;
const MAX_OBJECTS = 200;

export const binaryHead = (bytes: Uint8Array): Head => ({
  bytes,
  text: '',
  firstLine: '',
  line: 1,
  columns: [],
  delimiter: ',',
  objects: [],
  isMultiLine: false,
});

/** The same beginning, once for each of its first lines: any of them may be the header. */
export function textHeads(bytes: Uint8Array, text: string): Head[] {
  const heads: Head[] = [];
  const isMultiLine = spansLines(text);
  const objects = isMultiLine ? splitObjects(text) : lineObjects(text);
  let [at, line] = [0, 0];
  while (at < text.length && heads.length < MAX_LINES) {
    const eol = text.indexOf('\n', at);
    const end = eol < 0 ? text.length : eol;
    line++;
    const firstLine = text.slice(at, end).trim();
    if (firstLine !== '') heads.push({ bytes, text, firstLine, line, ...headerOf(firstLine), objects, isMultiLine });
    at = end + 1;
  }
  return heads.length > 0 ? heads : [{ ...binaryHead(bytes), text }];
}

/** An array of objects, or objects over several lines: what is read is objects, not lines. */
function spansLines(text: string): boolean {
  const start = text.trimStart().slice(0, 4096);
  return (
    /^\[\s{0,100}[{\]]/.test(start) ||
    /^\{\s{0,100}\n/.test(start) ||
    /^\{\s{0,100}"[^"\n]{1,200}"\s{0,9}:\s{0,9}[^\n]{0,200},[ \t\r]{0,9}\n/.test(start)
  );
}

function splitObjects(text: string): JsonObject[] {
  const objects: JsonObject[] = [];
  const splitter = new ObjectSplitter((found) => {
    const object = objects.length < MAX_OBJECTS ? parseObject(found) : null;
    if (object !== null) objects.push(object);
  });
  splitter.push(text);
  return objects;
}

function lineObjects(text: string): JsonObject[] {
  const objects: JsonObject[] = [];
  let at = 0;
  for (let i = 0; at < text.length && i < MAX_OBJECTS; i++) {
    const eol = text.indexOf('\n', at);
    const end = eol < 0 ? text.length : eol;
    const object = parseObject(text.slice(at, end));
    if (object !== null) objects.push(object);
    at = end + 1;
  }
  return objects;
}

/** The delimiter that yields the most columns of a flow log; of equals the one that yields most columns. */
function headerOf(line: string): Pick<Head, 'columns' | 'delimiter'> {
  if ('#{[<'.includes(line[0])) return { columns: [], delimiter: ',' };
  let best: { columns: string[]; delimiter: string; score: number } = { columns: [], delimiter: ',', score: 0 };
  for (const delimiter of [',', '\t', ';', '|']) {
    const columns = line.split(delimiter).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    const score = knownColumns(columns) * 10_000 + (columns.length > 1 ? columns.length : 0);
    if (score > best.score) best = { columns, delimiter, score };
  }
  return best;
}

export const knownColumns = (columns: readonly string[]): number =>
  columns.filter((column) => fieldOf(column) !== null).length;
