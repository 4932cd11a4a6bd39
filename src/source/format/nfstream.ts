/** NFStream's CSV (`to_csv`): packets and bytes of both directions, bytes of frames, nDPI's application names. */
import { unsetConn } from '../column/conn-fields.ts';
import { connState, type TcpFlags } from '../column/conn-state.ts';
import { serviceOf, setProto } from '../column/protocol.ts';
import type { RowCheck } from '../column/row-check.ts';
import { defineFlowFormat } from '../flow-format.ts';
import { setBytes } from '../layer-bytes.ts';
import { NamedColumns } from '../text/named-columns.ts';
import { readTable } from '../text/table.ts';

export const nfStream = defineFlowFormat({
  format: 'nfstream',
  title: 'NFStream',
  recognise: (head) => head.columns.includes('src2dst_packets') && head.columns.includes('bidirectional_packets'),
  read: (input, head, rows) =>
    readTable(input, head, rows, (header) => {
      const columns = new NamedColumns(input.name, header);
      const at = {
        source: columns.find('srcip'),
        sourcePort: columns.find('srcport'),
        sourceMac: columns.find('srcmac'),
        destination: columns.find('dstip'),
        destinationPort: columns.find('dstport'),
        destinationMac: columns.find('dstmac'),
        proto: columns.need('protocol'),
        vlan: columns.find('vlanid'),
        first: columns.need('bidirectionalfirstseenms'),
        duration: columns.find('bidirectionaldurationms'),
        sent: columns.need('src2dstpackets'),
        sentBytes: columns.need('src2dstbytes'),
        received: columns.need('dst2srcpackets'),
        receivedBytes: columns.need('dst2srcbytes'),
        application: columns.find('applicationname'),
        label: columns.find('label'),
      };
      // Only with statistical analysis on; the basic export has no flags.
      const flags = ['src2dst', 'dst2src'].map((side) => ({
        syn: columns.find(`${side}synpackets`),
        fin: columns.find(`${side}finpackets`),
        rst: columns.find(`${side}rstpackets`),
      }));
      return (cells, check) => {
        const text = (i: number): string | null => (i < 0 ? null : check.text(cells[i]));
        const address = (i: number): string | null => (i < 0 ? null : check.address(cells[i]));
        const conn = unsetConn('');
        conn.ts = check.seconds(cells[at.first], 1000);
        conn.duration = at.duration < 0 ? null : check.seconds(cells[at.duration], 1000);
        conn.id_orig_h = address(at.source);
        conn.id_resp_h = address(at.destination);
        conn.id_orig_p = at.sourcePort < 0 ? null : check.port(cells[at.sourcePort]);
        conn.id_resp_p = at.destinationPort < 0 ? null : check.port(cells[at.destinationPort]);
        conn.orig_l2_addr = text(at.sourceMac);
        conn.resp_l2_addr = text(at.destinationMac);
        setProto(conn, text(at.proto));
        conn.vlan = at.vlan < 0 ? null : check.count(cells[at.vlan]) || null;
        conn.service = serviceOf(text(at.application));
        conn.orig_pkts = check.requiredCount(cells[at.sent]);
        conn.resp_pkts = check.requiredCount(cells[at.received]);
        const sent = check.requiredCount(cells[at.sentBytes]);
        setBytes(conn, sent, check.requiredCount(cells[at.receivedBytes]), 'frame');
        conn.conn_state = connState(conn, sideFlags(cells, flags[0], check), sideFlags(cells, flags[1], check));
        conn.label = text(at.label);
        return conn;
      };
    }),
});

function sideFlags(cells: string[], at: Record<keyof TcpFlags, number>, check: RowCheck): TcpFlags | null {
  if (at.syn < 0 || at.fin < 0 || at.rst < 0) return null;
  const seen = (i: number): boolean => (check.count(cells[i]) ?? 0) > 0;
  return { syn: seen(at.syn), fin: seen(at.fin), rst: seen(at.rst) };
}
