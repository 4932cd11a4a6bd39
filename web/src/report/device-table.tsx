/** The devices of a capture, those with alerts first. */
import Table from 'react-bootstrap/Table';
import type { ScannedDevice } from '../../../src/api/contract.ts';
import { formatCount } from '../format.ts';
import { DeviceLabel } from '../part/device-label.tsx';
import { Panel } from '../part/page.tsx';
import { SeverityBadge } from '../part/severity.tsx';

const SHOWN = 50;

export function DeviceTable({ devices }: { devices: readonly ScannedDevice[] }) {
  // One alone is the file itself, or a capture of one device: the verdict has said it all.
  if (devices.length < 2) return null;
  const rows = devices.toSorted((a, b) => (b.alerts ?? 0) - (a.alerts ?? 0) || b.flows - a.flows);
  return (
    <Panel
      title="Devices"
      aside={
        devices.length > SHOWN && (
          <span>
            the first {SHOWN} of {formatCount(devices.length)}
          </span>
        )
      }
    >
      <Table className="cards-on-phone">
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col" className="num">
              Connections
            </th>
            <th scope="col" className="num">
              Alerts
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN).map((device) => (
            <tr key={device.address}>
              <td data-name="Device">
                <DeviceLabel device={device} />
              </td>
              <td data-name="Connections" className="num">
                {formatCount(device.flows)}
              </td>
              <td data-name="Alerts" className="num">
                <Found device={device} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  );
}

function Found({ device: { alerts = 0, worst } }: { device: ScannedDevice }) {
  if (!worst) return <span className="text-body-secondary">none</span>;
  return (
    <>
      <SeverityBadge severity={worst} /> {formatCount(alerts)}
    </>
  );
}
