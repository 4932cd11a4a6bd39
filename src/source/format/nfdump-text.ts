/**
 * nfdump's printed lines (`-o line`, `long`, `extended`), with the label that netflowlabeler adds. One line is one
 * direction; `<->` lines of `-B` have both. Counts may be short (`1.2 M`).
 */
import type { Conn } from '../../flow/conn.ts';
import { unsetConn } from '../column/conn-fields.ts';
import { connState, flagLetters } from '../column/conn-state.ts';
import { icmpTypeAndCode, setProto } from '../column/protocol.ts';
import type { RowCheck } from '../column/row-check.ts';
import { defineFlowFormat } from '../flow-format.ts';
import { setBytes } from '../layer-bytes.ts';
import { forEachLine } from '../text/lines.ts';

/** Seconds, or since version 1.7 hours, minutes and seconds, before them days. */
const DURATION = /^(?:(\d{1,6})d )?(\d{1,6}):(\d\d):(\d\d(?:\.\d{1,9})?)$/;
const TITLE = /^Date (first seen|flow start)\b/;
const ROW =
  /^\s*(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?)\s+((?:\d{1,6}d )?[\d:.]+)\s+(\S+)\s+(\S+)\s+(?:->|<->|<-)\s+(\S+)\s+(.+)$/;
/** What nfdump prints around the rows. */
const FOOTER = /^(Summary:|Time window:|Total flows processed:|Sys:|Wall:|No matching flows)/;

/** The columns after the addresses that are read; `Flags`, `Tos` and others may stand between. */
const COUNTS: Readonly<Record<string, string>> = { packets: 'Packets', bytes: 'Bytes' };

export const nfdumpText = defineFlowFormat({
  format: 'nfdump-text',
  title: 'nfdump',
  recognise: (head) => TITLE.test(head.firstLine) && head.firstLine.includes('Src IP Addr:Port'),
  async read(input, head, rows) {
    const { check, tally } = rows;
    const layout = layoutOf(head.firstLine);
    await forEachLine(input.chunks, input.name, (line, number) => {
      if (number < head.line || TITLE.test(line.trimStart()) || FOOTER.test(line)) return;
      check.begin();
      const conn = connOfLine(line, layout, check);
      if (conn?.id_orig_h === null || conn?.id_resp_h === null) tally.weird('nfdump.shortened_address');
      if (conn) rows.offer(conn, number);
      else tally.reject('row.unknown_layout', number);
    });
  },
});

interface Layout {
  /** Names of the cells behind the destination, in order. */
  names: string[];
  labelled: boolean;
}

/** Two words make one name in `Out Pkt`, `In Byte` and the like. */
function layoutOf(header: string): Layout {
  const rest = header.slice(header.indexOf('Dst IP Addr:Port') + 'Dst IP Addr:Port'.length);
  const names = rest.match(/(?:In|Out|Src|Dst) \w+|\w+/g) ?? [];
  const labelled = names.at(-1) === 'Label';
  return { names: labelled ? names.slice(0, -1) : names, labelled };
}

function connOfLine(line: string, { names, labelled }: Layout, check: RowCheck): Conn | null {
  const match = ROW.exec(line);
  if (!match) return null;
  const [, first, duration, proto, source, destination, rest] = match;
  // "1.2 M" is one cell.
  const words = rest
    .trim()
    .replaceAll(/(\d) ([KMGT])\b/g, '$1$2')
    .split(/\s+/);
  const label = labelled && words.length > names.length ? words.splice(names.length).join(' ') : null;
  if (words.length !== names.length) return null;
  const cell = (...wanted: string[]): string | undefined => words[names.findIndex((name) => wanted.includes(name))];

  const conn = unsetConn('');
  conn.ts = check.time(first);
  const parts = DURATION.exec(duration);
  if (parts === null) conn.duration = check.seconds(duration);
  else conn.duration = +(parts[1] ?? 0) * 86_400 + +parts[2] * 3600 + +parts[3] * 60 + +parts[4];
  setProto(conn, proto);
  const [from, fromPort] = splitAddress(source);
  const [to, toPort] = splitAddress(destination);
  conn.id_orig_h = isShortened(from) ? null : check.address(from);
  conn.id_resp_h = isShortened(to) ? null : check.address(to);
  if (conn.proto === 'icmp') [conn.id_orig_p, conn.id_resp_p] = icmpTypeAndCode(toPort);
  else {
    conn.id_orig_p = check.port(fromPort);
    conn.id_resp_p = check.port(toPort);
  }
  const both = names.includes('Out Pkt');
  conn.orig_pkts = count(cell(COUNTS.packets, 'Out Pkt'), check);
  conn.resp_pkts = both ? count(cell('In Pkt'), check) : 0;
  const bytes = count(cell(COUNTS.bytes, 'Out Byte'), check);
  setBytes(conn, bytes, both ? count(cell('In Byte'), check) : 0, 'ip');
  const flags = cell('Flags');
  const alone = conn.resp_pkts === 0 && flags !== undefined;
  conn.conn_state = alone ? connState(conn, flagLetters(flags), flagLetters('')) : connState(conn, null, null);
  conn.label = label === null || label === '-' ? null : label;
  return conn;
}

/** `fe80::f..5f:c445`: the middle is left out, and nobody can say who that is. `nfdump -6` prints it. */
const isShortened = (address: string): boolean => address.includes('..');

const V4 = /^([\d.]+):([\d.]+)(?::\d+)?$/;
const V6 = /^([0-9a-f:]+(?:\.\.[0-9a-f:]+)?|[0-9a-f:]*:\d+\.\d+\.\d+\.\d+)\.(\d{1,5}(?:\.\d{1,3})?)$/i;

/** `10.0.0.1:443`, `2001:db8::1.443` for IPv6 (ICMP: `.135.0`), and `10.0.0.1:0:0` for IGMP. */
function splitAddress(text: string): [string, string] {
  const [, address, port] = V4.exec(text) ?? V6.exec(text) ?? [];
  return address === undefined ? [text, '-'] : [address, port];
}

const scale: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

function count(cell: string | undefined, check: RowCheck): number | null {
  const unit = scale[cell?.at(-1) ?? ''];
  if (unit === undefined) return check.requiredCount(cell);
  const value = check.amount(cell?.slice(0, -1));
  return value === null ? null : Math.round(value * unit);
}
