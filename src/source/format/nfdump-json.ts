/** nfdump's `-o json` (an array of objects over several lines) and `-o ndjson`. Bytes are those of IP packets. */
import type { Conn } from '../../flow/conn.ts';
import { unsetConn } from '../column/conn-fields.ts';
import { connState, flagLetters } from '../column/conn-state.ts';
import { icmpTypeAndCode, setProto } from '../column/protocol.ts';
import type { RowCheck } from '../column/row-check.ts';
import { defineFlowFormat } from '../flow-format.ts';
import { setBytes } from '../layer-bytes.ts';
import type { JsonObject } from '../text/json-object.ts';
import { forEachObject } from '../text/json-rows.ts';

const isFlow = (object: JsonObject): boolean =>
  Object.hasOwn(object, 'in_packets') && ('src4_addr' in object || 'src6_addr' in object);

export const nfdumpJson = defineFlowFormat({
  format: 'nfdump-json',
  title: 'nfdump',
  recognise: ({ objects }) => objects.some(isFlow),
  read(input, head, rows) {
    const { check, tally } = rows;
    return forEachObject(input, head, tally, (object, line) => {
      if (!isFlow(object)) {
        tally.weird('nfdump.other_record');
        return;
      }
      check.begin();
      rows.offer(connOfRecord(object, check), line);
    });
  },
});

function connOfRecord(record: JsonObject, check: RowCheck): Conn {
  const cell = (...names: string[]): string | undefined => {
    const value = record[names.find((name) => Object.hasOwn(record, name)) ?? ''];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
  const conn = unsetConn('');
  conn.ts = check.time(cell('first', 't_first'));
  const end = check.time(cell('last', 't_last'));
  conn.duration = conn.ts === null || end === null || end < conn.ts ? null : Number((end - conn.ts).toFixed(6));
  conn.id_orig_h = check.address(cell('src4_addr', 'src6_addr'));
  conn.id_resp_h = check.address(cell('dst4_addr', 'dst6_addr'));
  setProto(conn, check.text(cell('proto')));
  if (conn.proto === 'icmp' && record.icmp_type !== undefined) {
    conn.id_orig_p = check.port(cell('icmp_type'));
    conn.id_resp_p = check.port(cell('icmp_code'));
  } else if (conn.proto === 'icmp') [conn.id_orig_p, conn.id_resp_p] = icmpTypeAndCode(cell('dst_port') ?? '');
  else {
    conn.id_orig_p = check.port(cell('src_port'));
    conn.id_resp_p = check.port(cell('dst_port'));
  }
  conn.orig_pkts = check.requiredCount(cell('in_packets'));
  conn.resp_pkts = check.count(cell('out_packets')) ?? 0;
  setBytes(conn, check.requiredCount(cell('in_bytes')), check.count(cell('out_bytes')) ?? 0, 'ip');
  conn.orig_l2_addr = check.text(cell('in_src_mac'));
  conn.resp_l2_addr = check.text(cell('in_dst_mac'));
  conn.vlan = check.count(cell('src_vlan')) || null;
  const label = check.text(cell('label'));
  conn.label = label === '<none>' ? null : label;
  const flags = cell('tcp_flags');
  const alone = conn.resp_pkts === 0 && flags !== undefined;
  conn.conn_state = alone ? connState(conn, flagLetters(flags), flagLetters('')) : connState(conn, null, null);
  return conn;
}
