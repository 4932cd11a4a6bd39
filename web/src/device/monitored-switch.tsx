/** Whether a device can raise alerts: a switch that works at once, and back again. */
import Form from 'react-bootstrap/Form';
import type { Device } from '../../../src/api/contract.ts';
import { tellFailure } from '../part/toast.tsx';
import { useChangeDevice } from './queries.ts';

export function MonitoredSwitch({ device, label }: { device: Device; label?: string }) {
  const change = useChangeDevice(device.mac);
  // What was just chosen is shown until the answer is there.
  const checked = change.isPending ? (change.variables.monitored ?? device.monitored) : device.monitored;
  return (
    <Form.Check
      type="switch"
      id={`monitored-${device.mac}`}
      className="monitored"
      label={label}
      aria-label={label ? undefined : `${device.name} is monitored`}
      checked={checked}
      onChange={({ target }) => change.mutate({ monitored: target.checked }, { onError: tellFailure })}
    />
  );
}
