/** nfdump's CSV, old (`ts,te,td,sa,da,…`) and new (`firstSeen,…,srcAddr,…`). Bytes are those of IP packets. */
import { unsetConn } from '../column/conn-fields.ts';
import { connState, flagLetters } from '../column/conn-state.ts';
import { icmpTypeAndCode, setProto } from '../column/protocol.ts';
import { defineFlowFormat } from '../flow-format.ts';
import { setBytes } from '../layer-bytes.ts';
import { NamedColumns } from '../text/named-columns.ts';
import { readTable } from '../text/table.ts';

/** Behind its rows nfdump adds up all of them. */
const SUMMARY = 'Summary';

export const nfdumpCsv = defineFlowFormat({
  format: 'nfdump',
  title: 'nfdump',
  recognise: ({ columns }) =>
    ['ts', 'td', 'sa', 'da', 'ipkt', 'ibyt'].every((name) => columns.includes(name)) ||
    ['firstSeen', 'srcAddr', 'dstAddr', 'packets'].every((name) => columns.includes(name)),
  read: (input, head, rows) =>
    readTable(
      input,
      head,
      rows,
      (header) => {
        const columns = new NamedColumns(input.name, header);
        const at = {
          first: columns.need('ts', 'firstseen'),
          duration: columns.find('td', 'duration'),
          source: columns.need('sa', 'srcaddr'),
          destination: columns.need('da', 'dstaddr'),
          sourcePort: columns.find('sp', 'srcport'),
          destinationPort: columns.find('dp', 'dstport'),
          proto: columns.need('pr', 'proto'),
          flags: columns.find('flg', 'flags'),
          packets: columns.need('ipkt', 'packets', 'inpackets'),
          bytes: columns.need('ibyt', 'bytes', 'inbytes'),
          answers: columns.find('opkt', 'outpackets'),
          answerBytes: columns.find('obyt', 'outbytes'),
          vlan: columns.find('svln', 'srcvlan'),
          label: columns.find('label'),
        };
        return (cells, check) => {
          const conn = unsetConn('');
          conn.ts = check.time(cells[at.first]);
          conn.duration = at.duration < 0 ? null : check.seconds(cells[at.duration]);
          conn.id_orig_h = check.address(cells[at.source]);
          conn.id_resp_h = check.address(cells[at.destination]);
          setProto(conn, check.text(cells[at.proto]));
          if (conn.proto === 'icmp' && at.destinationPort >= 0) {
            [conn.id_orig_p, conn.id_resp_p] = icmpTypeAndCode(cells[at.destinationPort]);
          } else {
            conn.id_orig_p = at.sourcePort < 0 ? null : check.port(cells[at.sourcePort]);
            conn.id_resp_p = at.destinationPort < 0 ? null : check.port(cells[at.destinationPort]);
          }
          conn.orig_pkts = check.requiredCount(cells[at.packets]);
          conn.resp_pkts = at.answers < 0 ? 0 : check.requiredCount(cells[at.answers]);
          const bytes = check.requiredCount(cells[at.bytes]);
          setBytes(conn, bytes, at.answerBytes < 0 ? 0 : check.requiredCount(cells[at.answerBytes]), 'ip');
          conn.vlan = at.vlan < 0 ? null : check.count(cells[at.vlan]) || null;
          conn.label = at.label < 0 ? null : check.text(cells[at.label]);
          const sent = at.flags < 0 ? null : flagLetters(cells[at.flags]);
          conn.conn_state =
            conn.resp_pkts === 0 && sent ? connState(conn, sent, flagLetters('')) : connState(conn, null, null);
          return conn;
        };
      },
      SUMMARY,
    ),
});
