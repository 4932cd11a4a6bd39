/** Connection records as Zeek writes them: conn.log as a table that Zeek's own tools read, or as JSON lines. */
import type { Conn } from '../conn.ts';

interface Column {
  name: string;
  type: string;
  /** Text of the cell; null where the field is unset. */
  text: (conn: Conn) => string | null;
  /** Value in JSON; null where the field is unset. */
  json: (conn: Conn) => unknown;
}

type Field = keyof Conn;

const name = (field: Field): string => field.replace(/^id_/, 'id.');
/** Six decimals, as Zeek writes times and intervals. */
const seconds = (value: number): string => value.toFixed(6);

function number(type: string, field: Field): Column {
  const json = (conn: Conn) => conn[field];
  return { name: name(field), type, json, text: (conn) => (conn[field] === null ? null : String(conn[field])) };
}

function time(type: string, field: 'ts' | 'duration'): Column {
  const text = (conn: Conn) => (conn[field] === null ? null : seconds(conn[field]));
  return {
    name: name(field),
    type,
    text,
    json: (conn) => (conn[field] === null ? null : Number(seconds(conn[field]))),
  };
}

function string(type: string, field: Field): Column {
  const text = (conn: Conn) => (conn[field] === null ? null : escapeText(String(conn[field])));
  return { name: name(field), type, text, json: (conn) => conn[field] };
}

function flag(field: 'local_orig' | 'local_resp'): Column {
  const text = (conn: Conn) => (conn[field] === null ? null : conn[field] ? 'T' : 'F');
  return { name: name(field), type: 'bool', text, json: (conn) => conn[field] };
}

const tunnelParents: Column = {
  name: 'tunnel_parents',
  type: 'set[string]',
  json: (conn) => conn.tunnel_parents,
  text: ({ tunnel_parents: parents }) => {
    if (parents === null) return null;
    return parents.length === 0 ? EMPTY : parents.map((uid) => escapeText(uid).replaceAll(',', '\\x2c')).join(',');
  },
};

const standard: readonly Column[] = [
  time('time', 'ts'),
  string('string', 'uid'),
  string('addr', 'id_orig_h'),
  number('port', 'id_orig_p'),
  string('addr', 'id_resp_h'),
  number('port', 'id_resp_p'),
  string('enum', 'proto'),
  string('string', 'service'),
  time('interval', 'duration'),
  number('count', 'orig_bytes'),
  number('count', 'resp_bytes'),
  string('string', 'conn_state'),
  flag('local_orig'),
  flag('local_resp'),
  number('count', 'missed_bytes'),
  string('string', 'history'),
  number('count', 'orig_pkts'),
  number('count', 'orig_ip_bytes'),
  number('count', 'resp_pkts'),
  number('count', 'resp_ip_bytes'),
  tunnelParents,
  number('count', 'ip_proto'),
];

/** What Zeek's policy scripts mac-logging and vlan-logging add. */
const linkLayer: readonly Column[] = [
  string('string', 'orig_l2_addr'),
  string('string', 'resp_l2_addr'),
  number('int', 'vlan'),
];

/** What Zeek has no name for; JSON may have fields that Zeek's does not. */
const own: readonly Column[] = [string('string', 'own_service')];

const UNSET = '-';
const EMPTY = '(empty)';

export interface ZeekLogOptions {
  /** Adds the columns orig_l2_addr, resp_l2_addr and vlan. */
  linkLayer?: boolean;
}

/** A conn.log: eight header lines, the rows, and a closing line; with `header`, `row` and `footer` ending in newlines. */
export function zeekTable(options: ZeekLogOptions = {}): {
  header: (opened: Date) => string;
  row: (conn: Conn) => string;
  footer: (closed: Date) => string;
} {
  const columns = options.linkLayer ? [...standard, ...linkLayer] : standard;
  return {
    header: (opened) =>
      [
        '#separator \\x09',
        '#set_separator\t,',
        `#empty_field\t${EMPTY}`,
        `#unset_field\t${UNSET}`,
        '#path\tconn',
        `#open\t${logTime(opened)}`,
        `#fields\t${columns.map((column) => column.name).join('\t')}`,
        `#types\t${columns.map((column) => column.type).join('\t')}`,
        '',
      ].join('\n'),
    row: (conn) => {
      let line = '';
      for (const column of columns) line += `${line === '' ? '' : '\t'}${column.text(conn) ?? UNSET}`;
      return `${line}\n`;
    },
    footer: (closed) => `#close\t${logTime(closed)}\n`,
  };
}

const jsonColumns = [...standard, ...own];
const jsonWithLink = [...standard, ...linkLayer, ...own];

/** One line of Zeek's JSON log, and `own_service`: unset fields are left out. */
export function zeekJsonLine(conn: Conn, options: ZeekLogOptions = {}): string {
  const columns = options.linkLayer ? jsonWithLink : jsonColumns;
  const row: Record<string, unknown> = {};
  for (const column of columns) {
    const value = column.json(conn);
    if (value !== null) row[column.name] = value;
  }
  return `${JSON.stringify(row)}\n`;
}

function logTime(date: Date): string {
  return date.toISOString().slice(0, 19).replaceAll(/[T:]/g, '-');
}

/** Control characters, backslashes and anything that reads as another cell are written as \xNN. */
function escapeText(text: string): string {
  if (text === '') return EMPTY;
  if (text === UNSET || text === EMPTY) return hex(text[0]) + text.slice(1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what has to be escaped
  return text.replaceAll(/[\x00-\x1f\x7f\\]/g, hex);
}

function hex(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
