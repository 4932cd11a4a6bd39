/** The connections behind an alert, as Zeek's conn.log has them; on a phone each is a card. */
import { useState } from 'react';
import Button from 'react-bootstrap/Button';
import Table from 'react-bootstrap/Table';
import type { AlertFlow, AlertReport } from '../../../src/api/contract.ts';
import { type NameOf, useNameOf } from '../device/name-of.ts';
import { formatBytes, formatCount, formatDuration, formatExact, formatSecond, plural } from '../format.ts';
import { Panel } from '../part/page.tsx';

/** conn_state, as tcp/ip people mean it. */
const outcomes: Readonly<Record<string, string>> = {
  S0: 'no answer',
  S1: 'still open',
  SF: 'ended as usual',
  REJ: 'refused',
  S2: 'half closed',
  S3: 'half closed',
  RSTO: 'broken off',
  RSTR: 'broken off by the other end',
  RSTOS0: 'no answer, broken off',
  RSTRH: 'broken off by the other end',
  SH: 'no answer, closed',
  SHR: 'closed without a beginning',
  OTH: 'seen in part',
};

/** In words; a state that is not known is itself. */
export const outcomeOf = (state: string | null): string => (state === null ? '–' : (outcomes[state] ?? state));

/** More are shown on request; on a phone each is a card. */
const FIRST = window.matchMedia('(width < 900px)').matches ? 4 : 10;

export function Connections({ alert: { connections, flows } }: { alert: AlertReport }) {
  const [all, setAll] = useState(false);
  const nameOf = useNameOf();
  if (connections.length === 0) return null;
  return (
    <Panel
      title="Connections"
      aside={
        <span className="text-body-secondary">
          {flows > connections.length
            ? `${formatCount(connections.length)} of ${plural(flows, 'connection')}`
            : plural(flows, 'connection')}
        </span>
      }
    >
      <div className="table-frame">
        <Table className="connections cards-on-phone">
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">From</th>
              <th scope="col">To</th>
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
            {(all ? connections : connections.slice(0, FIRST)).map((flow) => (
              <ConnectionRow key={flow.uid} flow={flow} nameOf={nameOf} />
            ))}
          </tbody>
        </Table>
      </div>
      {!all && connections.length > FIRST && (
        <div className="more">
          <Button variant="outline-secondary" onClick={() => setAll(true)}>
            Show all {formatCount(connections.length)} that are kept
          </Button>
        </div>
      )}
    </Panel>
  );
}

function ConnectionRow({ flow, nameOf }: { flow: AlertFlow; nameOf: NameOf }) {
  return (
    <tr>
      <td data-name="Time" className="num-left">
        {flow.ts === null ? (
          '–'
        ) : (
          <time dateTime={new Date(flow.ts * 1000).toISOString()} title={formatExact(new Date(flow.ts * 1000))}>
            {formatSecond(flow.ts)}
          </time>
        )}
        {flow.duration !== null && flow.duration > 0 && (
          <span className="beside">for {formatDuration(flow.duration)}</span>
        )}
      </td>
      <td data-name="From">
        <End address={flow.id_orig_h} port={flow.proto === 'icmp' ? null : `port ${flow.id_orig_p}`} nameOf={nameOf} />
      </td>
      <td data-name="To">
        <End address={flow.id_resp_h} port={flow.resp_port_text} nameOf={nameOf} />
      </td>
      <td data-name="Service">{flow.service ? `${flow.service} (${flow.proto})` : flow.proto}</td>
      <td data-name="Sent" className="num">
        <Amount bytes={flow.orig_bytes} packets={flow.orig_pkts} />
      </td>
      <td data-name="Received" className="num">
        <Amount bytes={flow.resp_bytes} packets={flow.resp_pkts} />
      </td>
      <td data-name="Outcome">
        <span title={`${flow.conn_state}${flow.history ? ` ${flow.history}` : ''}`}>{outcomeOf(flow.conn_state)}</span>
      </td>
    </tr>
  );
}

interface EndProps {
  address: string;
  /** In words; null where there are types instead of ports. */
  port: string | null;
  nameOf: NameOf;
}

function End({ address, port, nameOf }: EndProps) {
  const name = nameOf(address);
  return (
    <span className="address">
      {name ?? address}
      <span className="beside">{[name && address, port].filter(Boolean).join(', ')}</span>
    </span>
  );
}

function Amount({ bytes, packets }: { bytes: number | null; packets: number }) {
  return (
    <>
      {bytes === null ? '–' : formatBytes(bytes)}
      <span className="beside">{plural(packets, 'packet')}</span>
    </>
  );
}
