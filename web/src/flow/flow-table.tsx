/** Connections of the history, newest first; on a phone each is a card. */
import Table from 'react-bootstrap/Table';
import type { Flow } from '../../../src/api/contract.ts';
import { outcomeOf } from '../alert/connections.tsx';
import { formatBytes, formatClock, formatDuration, formatExact } from '../format.ts';
import { Link } from '../router.tsx';

interface FlowTableProps {
  flows: readonly Flow[];
  nameOf: (device: string) => string;
  /** Without the column of the device. */
  isOfOne: boolean;
}

export function FlowTable({ flows, nameOf, isOfOne }: FlowTableProps) {
  return (
    <div className="table-frame">
      <Table className="connections cards-on-phone">
        <thead>
          <tr>
            <th scope="col">Time</th>
            {!isOfOne && <th scope="col">Device</th>}
            <th scope="col">Other end</th>
            <th scope="col">Service</th>
            <th scope="col" className="num">
              Sent
            </th>
            <th scope="col" className="num">
              Received
            </th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          {flows.map((flow) => (
            <FlowRow key={flow.id} flow={flow} name={isOfOne ? null : nameOf(flow.device)} />
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function FlowRow({ flow, name }: { flow: Flow; name: string | null }) {
  const { ts, duration, peer, proto, service, direction, open } = flow;
  const isOut = direction === 'out';
  const [sent, received] = isOut ? [flow.orig_bytes, flow.resp_bytes] : [flow.resp_bytes, flow.orig_bytes];
  const port = isOut ? flow.id_resp_p : flow.id_orig_p;
  return (
    <tr>
      <td data-name="Time" className="num-left">
        <time dateTime={new Date(ts * 1000).toISOString()} title={formatExact(new Date(ts * 1000))}>
          {formatClock(ts)}
        </time>
        {duration !== null && duration > 0 && <span className="beside">for {formatDuration(duration)}</span>}
      </td>
      {name !== null && (
        <td data-name="Device">
          <Link href={`/connections?device=${flow.device}`}>{name}</Link>
        </td>
      )}
      <td data-name="Other end">
        <span className="device">
          {flow.name && <span className="device-name">{flow.name}</span>}
          <span className="address">
            {peer}
            {proto !== 'icmp' && port !== null && <span className="beside">port {port}</span>}
          </span>
        </span>
      </td>
      <td data-name="Service">
        {service ? `${service} (${proto})` : proto}
        {!isOut && <span className="beside">begun by the other end</span>}
      </td>
      <td data-name="Sent" className="num">
        {sent === null ? '–' : formatBytes(sent)}
      </td>
      <td data-name="Received" className="num">
        {received === null ? '–' : formatBytes(received)}
      </td>
      <td data-name="Outcome">
        <span title={`${flow.conn_state ?? ''} ${flow.history ?? ''}`}>
          {open ? 'goes on' : outcomeOf(flow.conn_state)}
        </span>
        {flow.is_new && <span className="beside">first contact</span>}
        {flow.alert !== null && (
          <span className="beside">
            <Link href={`/alerts/${flow.alert}`}>Alert {flow.alert}</Link>
          </span>
        )}
      </td>
    </tr>
  );
}
