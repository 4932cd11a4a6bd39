import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { Conn } from '../conn.ts';
import { csvHeader, csvRow } from './write-csv.ts';

const conn: Conn = {
  ts: 1_634_567_890.123456,
  uid: 'C1',
  id_orig_h: 'fe80::1',
  id_orig_p: 5353,
  id_resp_h: '10.0.0.1',
  id_resp_p: 53,
  proto: 'udp',
  ip_proto: 17,
  service: 'dns',
  own_service: null,
  duration: null,
  orig_bytes: 0,
  resp_bytes: null,
  conn_state: 'S0',
  local_orig: true,
  local_resp: false,
  missed_bytes: 0,
  history: '^dD',
  orig_pkts: 1,
  orig_ip_bytes: 60,
  resp_pkts: 0,
  resp_ip_bytes: 0,
  tunnel_parents: ['C2', 'C3'],
  orig_l2_addr: null,
  resp_l2_addr: null,
  vlan: null,
  label: null,
  detailed_label: null,
};

const cells = (row: Conn): Record<string, string> =>
  (parse(csvHeader() + csvRow(row), { columns: true }) as Record<string, string>[])[0];

describe('a connection as CSV', () => {
  it('has Zeek’s names, units and unset mark', () => {
    expect(csvHeader()).toMatch(/^ts,uid,id\.orig_h,id\.orig_p,id\.resp_h,/);
    expect(cells(conn)).toMatchObject({
      ts: '1634567890.123456',
      'id.orig_h': 'fe80::1',
      duration: '-',
      orig_bytes: '0',
      resp_bytes: '-',
      local_orig: 'T',
      local_resp: 'F',
      tunnel_parents: 'C2,C3',
      label: '-',
    });
    expect(cells({ ...conn, tunnel_parents: [] }).tunnel_parents).toBe('(empty)');
  });

  it.each(['=cmd|x', '+1', '-1', '@SUM(A1)', '\tx', '\rx', 'a,"b"\nc', '-'])(
    'gives %j to no spreadsheet as a formula',
    (text) => {
      const cell = cells({ ...conn, label: text }).label;
      expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      expect(cell.replace(/^'/, '')).toBe(text);
    },
  );
});
