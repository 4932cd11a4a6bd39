/** Whether a device can raise alerts. */
import type { Device } from '../../../src/api/contract.ts';
import { plural } from '../format.ts';
import { InstantSwitch } from '../part/instant-switch.tsx';
import { tell } from '../part/toast.tsx';
import { useChangeDevice } from './queries.ts';

/** What the switch has done, above all where something is going on. */
function effectOf({ name, risk, open_alerts }: Device, monitored: boolean): string {
  if (monitored) return `${name} is monitored again.`;
  const open = risk ? ` It has ${plural(open_alerts, 'open alert')}, the worst of them ${risk}.` : '';
  return `You get no alerts about ${name} any more.${open}`;
}

export function MonitoredSwitch({ device, label }: { device: Device; label?: string }) {
  const { mutateAsync } = useChangeDevice(device.mac);
  return (
    <InstantSwitch
      id={`monitored-${device.mac}`}
      className="monitored"
      label={label}
      aria-label={label ? undefined : `${device.name} is monitored`}
      on={device.monitored}
      change={async (monitored) => {
        await mutateAsync({ monitored });
        tell(effectOf(device, monitored), () => mutateAsync({ monitored: !monitored }));
      }}
    />
  );
}
