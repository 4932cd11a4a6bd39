/**
 * CICFlowMeter: the Java tool (CIC-IDS2017 and later: `Src IP`, payload bytes, microseconds, 12-hour clock) and the
 * Python one (`src_ip`, frame bytes, seconds or microseconds).
 */
import { unsetConn } from '../column/conn-fields.ts';
import { connState } from '../column/conn-state.ts';
import { setProto } from '../column/protocol.ts';
import { defineFlowFormat } from '../flow-format.ts';
import { setBytes } from '../layer-bytes.ts';
import { NamedColumns, plainName } from '../text/named-columns.ts';
import { readTable } from '../text/table.ts';

const FORWARD = ['totfwdpkts', 'totalfwdpackets', 'totalfwdpacket'];
const BACKWARD = ['totbwdpkts', 'totalbackwardpackets', 'totalbwdpackets'];

export const cicFlowMeter = defineFlowFormat({
  format: 'cicflowmeter',
  title: 'CICFlowMeter',
  recognise(head) {
    const names = new Set(head.columns.map(plainName));
    return names.has('flowduration') && FORWARD.some((name) => names.has(name));
  },
  read: (input, head, rows) =>
    readTable(input, head, rows, (header) => {
      const columns = new NamedColumns(input.name, header);
      const python = header.some((name) => name.trim() === 'flow_duration');
      const at = {
        uid: columns.find('flowid'),
        time: columns.find('timestamp'),
        source: columns.find('srcip', 'sourceip'),
        sourcePort: columns.find('srcport', 'sourceport'),
        destination: columns.find('dstip', 'destinationip'),
        destinationPort: columns.find('dstport', 'destinationport'),
        sourceMac: columns.find('srcmac'),
        destinationMac: columns.find('dstmac'),
        proto: columns.find('protocol'),
        duration: columns.need('flowduration'),
        forward: columns.need(...FORWARD),
        backward: columns.need(...BACKWARD),
        forwardBytes: columns.need('totlenfwdpkts', 'totallengthoffwdpackets', 'totallengthoffwdpacket'),
        backwardBytes: columns.need('totlenbwdpkts', 'totallengthofbwdpackets', 'totallengthofbwdpacket'),
        rate: columns.find('flowpktss', 'flowpacketss'),
        syn: columns.find('synflagcnt', 'synflagcount'),
        label: columns.find('label'),
      };
      return (cells, check) => {
        const text = (i: number): string | null => (i < 0 ? null : check.text(cells[i]));
        const address = (i: number): string | null => (i < 0 ? null : check.address(cells[i]));
        const conn = unsetConn('');
        conn.ts = at.time < 0 ? null : check.time(cells[at.time]);
        conn.id_orig_h = address(at.source);
        conn.id_orig_p = at.sourcePort < 0 ? null : check.port(cells[at.sourcePort]);
        conn.id_resp_h = address(at.destination);
        conn.id_resp_p = at.destinationPort < 0 ? null : check.port(cells[at.destinationPort]);
        conn.orig_l2_addr = text(at.sourceMac);
        conn.resp_l2_addr = text(at.destinationMac);
        setProto(conn, text(at.proto));
        conn.orig_pkts = check.requiredCount(cells[at.forward]);
        conn.resp_pkts = check.requiredCount(cells[at.backward]);
        const sent = check.requiredCount(cells[at.forwardBytes]);
        setBytes(conn, sent, check.requiredCount(cells[at.backwardBytes]), python ? 'frame' : 'payload');
        const duration = check.seconds(cells[at.duration]);
        const packets = (conn.orig_pkts ?? 0) + (conn.resp_pkts ?? 0);
        conn.duration =
          duration === null ? null : duration / partsOf(python, duration, Number(cells[at.rate]), packets);
        conn.label = text(at.label);
        const opened = at.syn >= 0 && Number(cells[at.syn]) > 0;
        // The flags are of both sides together: only a SYN that nobody answered is certain.
        if (conn.proto === 'tcp') conn.conn_state = opened && conn.resp_pkts === 0 ? 'S0' : null;
        else conn.conn_state = connState(conn, null, null);
        return conn;
      };
    }),
});

/** Parts of a second that it counts. Older versions of the Python tool count microseconds: the rate tells them apart. */
function partsOf(python: boolean, duration: number, rate: number, packets: number): number {
  if (!python) return 1e6;
  const seconds = packets / rate;
  return duration > 0 && Math.abs(duration / 1e6 - seconds) < Math.abs(duration - seconds) ? 1e6 : 1;
}
