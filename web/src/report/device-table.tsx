/** The devices of a capture, those with most anomalies first. */
import Table from 'react-bootstrap/Table';
import type { ScannedDevice } from '../../../src/api/contract.ts';
import { formatCount } from '../format.ts';
import { DeviceLabel } from '../part/device-label.tsx';
import { Panel } from '../part/page.tsx';

const SHOWN = 50;

export function DeviceTable({ devices }: { devices: readonly ScannedDevice[] }) {
  // One alone is the file itself, or a capture of one device: the totals have said it all.
  if (devices.length < 2) return null;
  const sorted = devices.toSorted((a, b) => b.anomalies - a.anomalies || b.windows - a.windows).slice(0, SHOWN);
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
              Windows
            </th>
            <th scope="col" className="num">
              Anomalies
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((device) => (
            <tr key={device.address}>
              <td data-name="Device">
                <DeviceLabel device={device} />
              </td>
              <td data-name="Connections" className="num">
                {formatCount(device.flows)}
              </td>
              <td data-name="Windows" className="num">
                {formatCount(device.windows)}
              </td>
              <td data-name="Anomalies" className="num">
                <Found device={device} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  );
}

/** A device that could not be judged has not been found innocent. */
function Found({ device }: { device: ScannedDevice }) {
  if (device.windows === 0) return <span className="text-body-secondary">too few to judge</span>;
  return device.anomalies > 0 ? <strong>{formatCount(device.anomalies)}</strong> : '0';
}
