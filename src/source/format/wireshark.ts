/**
 * Wireshark's window "Conversations", saved as CSV: packets and bytes of frames in both directions, without the protocol, and without a
 * time of day unless its absolute start was switched on. Names are those of the versions since 3.0.
 */
import { unsetConn } from '../column/conn-fields.ts';
import { defineFlowFormat } from '../flow-format.ts';
import { setBytes } from '../layer-bytes.ts';
import { NamedColumns, plainName } from '../text/named-columns.ts';
import { readTable } from '../text/table.ts';

const has = (columns: readonly string[], names: readonly string[]): boolean => {
  const there = new Set(columns.map(plainName));
  return names.every((name) => there.has(name));
};

/** The list of packets as text: it does not say what flows need. */
export const isPacketList = (columns: readonly string[]): boolean =>
  has(columns, ['no', 'time', 'source', 'destination', 'protocol', 'info']);

export const wireshark = defineFlowFormat({
  format: 'wireshark',
  title: 'Wireshark',
  recognise: ({ columns }) => has(columns, ['addressa', 'addressb', 'packetsab', 'packetsba']),
  read: (input, head, rows) =>
    readTable(input, head, rows, (header) => {
      const columns = new NamedColumns(input.name, header);
      const at = {
        source: columns.need('addressa'),
        sourcePort: columns.find('porta'),
        destination: columns.need('addressb'),
        destinationPort: columns.find('portb'),
        sent: columns.need('packetsab'),
        received: columns.need('packetsba'),
        sentBytes: columns.need('bytesab'),
        receivedBytes: columns.need('bytesba'),
        start: columns.find('absstart'),
        duration: columns.find('duration'),
      };
      return (cells, check) => {
        const conn = unsetConn('');
        conn.ts = at.start < 0 ? null : check.time(cells[at.start]);
        conn.duration = at.duration < 0 ? null : check.seconds(cells[at.duration]);
        conn.id_orig_h = check.address(cells[at.source]);
        conn.id_resp_h = check.address(cells[at.destination]);
        conn.id_orig_p = at.sourcePort < 0 ? null : check.port(cells[at.sourcePort]);
        conn.id_resp_p = at.destinationPort < 0 ? null : check.port(cells[at.destinationPort]);
        conn.orig_pkts = check.requiredCount(cells[at.sent]);
        conn.resp_pkts = check.requiredCount(cells[at.received]);
        const sent = check.requiredCount(cells[at.sentBytes]);
        setBytes(conn, sent, check.requiredCount(cells[at.receivedBytes]), 'frame');
        return conn;
      };
    }),
});
