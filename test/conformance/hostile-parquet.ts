/** Parquet files that declare more than they hold, in Thrift's compact protocol. */

const varint = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
};
type Value = { type: number; bytes: number[] };
const i32 = (value: number): Value => ({ type: 5, bytes: varint(value * 2) });
const i64 = (value: number): Value => ({ type: 6, bytes: varint(value * 2) });
const text = (value: string): Value => ({ type: 8, bytes: [...varint(value.length), ...Buffer.from(value)] });
const struct = (fields: Record<number, Value>): Value => {
  const bytes: number[] = [];
  let last = 0;
  for (const [id, { type, bytes: content }] of Object.entries(fields)) {
    bytes.push(((Number(id) - last) << 4) | type);
    for (const byte of content) bytes.push(byte);
    last = Number(id);
  }
  return { type: 12, bytes: [...bytes, 0] };
};
const list = (type: number, items: number[][]): Value => ({
  type: 9,
  bytes: [
    ...(items.length < 15 ? [(items.length << 4) | type] : [0xf0 | type, ...varint(items.length)]),
    ...items.flat(),
  ],
});

export interface HostileParquet {
  /** Rows of the file, values of its page. */
  rows: number;
  values: number;
  /** Columns beside the four that are needed, each with a name of so many letters. */
  columns?: number;
  nameLength?: number;
  /** How often the one row group is declared. */
  groups?: number;
}

const NAMES = ['orig_pkts', 'resp_pkts', 'orig_bytes', 'resp_bytes'];

/** Four columns of dictionary indices of no bits: one run of any length takes a few bytes. */
export function hostileParquet({ rows, values, columns = 0, nameLength = 8, groups = 1 }: HostileParquet): Uint8Array {
  const parts: number[][] = [[...Buffer.from('PAR1')]];
  let at = 4;
  const chunks = NAMES.map((name) => {
    const dictionary = [1, 0, 0, 0];
    const dictionaryHeader = struct({ 1: i32(2), 2: i32(4), 3: i32(4), 7: struct({ 1: i32(1), 2: i32(0) }) }).bytes;
    const page = [0];
    const pageFields = struct({ 1: i32(values), 2: i32(8), 3: i32(3), 4: i32(3) });
    const pageHeader = struct({ 1: i32(0), 2: i32(page.length), 3: i32(page.length), 5: pageFields }).bytes;
    const start = at;
    const data = at + dictionaryHeader.length + dictionary.length;
    const content = [...dictionaryHeader, ...dictionary, ...pageHeader, ...page];
    parts.push(content);
    at += content.length;
    const metadata = struct({
      1: i32(1),
      2: list(5, [varint(16)]),
      3: list(8, [text(name).bytes]),
      4: i32(0),
      5: i64(rows),
      6: i64(content.length),
      7: i64(content.length),
      9: i64(data),
      11: i64(start),
    });
    return struct({ 2: i64(start), 3: metadata }).bytes;
  });
  const extra = Array.from({ length: columns }, (_, i) => `c${i}`.padEnd(nameLength, 'x'));
  const leaf = (name: string): number[] => struct({ 1: i32(1), 3: i32(0), 4: text(name) }).bytes;
  const schema = list(12, [
    struct({ 4: text('root'), 5: i32(NAMES.length + columns) }).bytes,
    ...[...NAMES, ...extra].map(leaf),
  ]);
  const group = struct({ 1: list(12, chunks), 2: i64(100), 3: i64(rows) }).bytes;
  const footer = struct({
    1: i32(1),
    2: schema,
    3: i64(rows * groups),
    4: list(
      12,
      Array.from({ length: groups }, () => group),
    ),
  }).bytes;
  const length = [footer.length, footer.length >> 8, footer.length >> 16, footer.length >> 24].map(
    (byte) => byte & 255,
  );
  return Buffer.concat([...parts, footer, length, [...Buffer.from('PAR1')]].map((part) => Buffer.from(part)));
}
