/** Whether a device can raise alerts. */
import type { Device } from '../../../src/api/contract.ts';
import { InstantSwitch } from '../part/instant-switch.tsx';
import { useChangeDevice } from './queries.ts';

export function MonitoredSwitch({ device, label }: { device: Device; label?: string }) {
  const { mutateAsync } = useChangeDevice(device.mac);
  return (
    <InstantSwitch
      id={`monitored-${device.mac}`}
      className="monitored"
      label={label}
      aria-label={label ? undefined : `${device.name} is monitored`}
      on={device.monitored}
      change={(monitored) => mutateAsync({ monitored })}
    />
  );
}
