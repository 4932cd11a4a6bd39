/** The devices as a table; on a phone each is a card. */
import Table from 'react-bootstrap/Table';
import type { Device } from '../../../src/api/contract.ts';
import { May } from '../account/may.tsx';
import { SeverityBadge } from '../part/severity.tsx';
import { When } from '../part/when.tsx';
import { Link } from '../router.tsx';
import { KindIcon, kindName } from './kind.tsx';
import { MonitoredSwitch } from './monitored-switch.tsx';

export function DeviceList({ devices }: { devices: readonly Device[] }) {
  return (
    <Table className="device-list" hover>
      <thead>
        <tr>
          <th scope="col">Device</th>
          <th scope="col">Address</th>
          <th scope="col">Seen</th>
          <th scope="col">Risk</th>
          <th scope="col">Monitored</th>
        </tr>
      </thead>
      <tbody>
        {devices.map((device) => (
          <DeviceRow key={device.mac} device={device} />
        ))}
      </tbody>
    </Table>
  );
}

function DeviceRow({ device }: { device: Device }) {
  const { mac, name, kind, vendor, gateway } = device;
  return (
    <tr>
      <td className="device-cell">
        <div className="device-what">
          <KindIcon kind={kind} />
          <span className="device">
            <Link href={`/devices/${mac}`} className="device-name">
              {name}
            </Link>
            <span className="beside">{[gateway ? 'gateway' : kindName(kind), vendor].filter(Boolean).join(', ')}</span>
          </span>
        </div>
      </td>
      <td className="address-cell">
        <span className="address">{mainAddress(device) ?? 'no address yet'}</span>
        <span className="beside">{mac}</span>
      </td>
      <td className="seen-cell">
        <Presence device={device} />
      </td>
      <td className="risk-cell">
        <Risk device={device} />
      </td>
      <td className="monitored-cell" data-name="Monitored">
        <May as="operator">
          <MonitoredSwitch device={device} />
        </May>
      </td>
    </tr>
  );
}

/** The one that its owner knows: of IPv4 where it has one. */
export const mainAddress = ({ ips }: Device): string | undefined =>
  ips.find((ip) => ip.includes('.') && ip !== '0.0.0.0') ?? ips.find((ip) => ip.includes(':') && ip !== '::');

export function Presence({ device: { online, last_seen } }: { device: Device }) {
  return online ? (
    <span className="presence online">Online</span>
  ) : (
    <span className="presence">
      Offline, <When time={last_seen} />
    </span>
  );
}

function Risk({ device: { risk, open_alerts, learning } }: { device: Device }) {
  if (risk) {
    return (
      <span className="risk">
        <SeverityBadge severity={risk} />
        {open_alerts > 1 && <span className="beside">{open_alerts} alerts</span>}
      </span>
    );
  }
  if (learning) return <span className="text-body-secondary">Still learning</span>;
  return <span className="text-body-secondary no-risk">None</span>;
}
