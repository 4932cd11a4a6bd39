/** Who speaks right now, and how much: a line for each device, the loudest of the last minutes first. */
import { useMemo } from 'react';
import type { Device } from '../../../src/api/contract.ts';
import { KindIcon } from '../device/kind.tsx';
import { useDevices } from '../device/queries.ts';
import { formatBytes, formatCount, plural } from '../format.ts';
import { Panel } from '../part/page.tsx';
import { SeverityBadge } from '../part/severity.tsx';
import { Sparkline } from '../part/sparkline.tsx';
import { Empty, Failure, Skeleton } from '../part/state.tsx';
import { Link } from '../router.tsx';
import { PULSE_SECONDS, packetsOf, type TrafficEvent, usePulse } from './pulse.ts';

const SHOWN = 12;

export function DeviceRows() {
  const { data, error, isPending, refetch } = useDevices();
  const pulse = usePulse();
  const devices = data?.devices;
  const rows = useMemo(() => (devices ? loudest(devices, pulse) : []), [devices, pulse]);
  return (
    <Panel
      title="Who speaks now"
      aside={devices && devices.length > 0 && <Link href="/devices">All {plural(devices.length, 'device')}</Link>}
    >
      {isPending && <Skeleton lines={6} label="Loading the devices" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {devices?.length === 0 && (
        <Empty icon="devices" title="No device seen yet">
          Each appears here within five seconds of its first packet.
        </Empty>
      )}
      <ul className="live-rows">
        {rows.map(({ device, packets, now }) => (
          <li key={device.mac}>
            <Link href={`/devices/${device.mac}`} className="live-row">
              <KindIcon kind={device.kind} />
              <span className="live-who">
                <span className="live-name">{device.name}</span>
                {device.risk && <SeverityBadge severity={device.risk} />}
              </span>
              <Sparkline values={packets} slots={PULSE_SECONDS} />
              <span className="live-rate num">
                {formatCount(now?.packets ?? 0)} packets/s
                <span className="text-body-secondary">{formatBytes(now?.bytes ?? 0)}/s</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

interface Row {
  device: Device;
  packets: number[];
  total: number;
  now: TrafficEvent['devices'][number] | undefined;
}

function loudest(devices: readonly Device[], pulse: readonly TrafficEvent[]): Row[] {
  return devices
    .map((device) => {
      const packets = packetsOf(pulse, device.mac);
      const total = packets.reduce((all, count) => all + count, 0);
      return { device, packets, total, now: pulse.at(-1)?.devices.find(({ mac }) => mac === device.mac) };
    })
    .sort((a, b) => b.total - a.total || b.device.last_seen - a.device.last_seen)
    .slice(0, SHOWN);
}
