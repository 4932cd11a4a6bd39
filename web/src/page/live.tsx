/** What is seen at this moment, and whether everything is. */
import Button from 'react-bootstrap/Button';
import type { MonitorStatus } from '../../../src/api/contract.ts';
import { May } from '../account/may.tsx';
import { useLatestAlerts } from '../alert/queries.ts';
import { formatCount, formatRate, plural } from '../format.ts';
import { useConnectionLost } from '../live.ts';
import { AccountPanel } from '../monitor/account.tsx';
import { useIsDemo } from '../monitor/demo-strip.tsx';
import { DeviceRows } from '../monitor/device-rows.tsx';
import { usePulse } from '../monitor/pulse.ts';
import { useMonitor, useStart, useStop } from '../monitor/queries.ts';
import { StartPanel } from '../monitor/start-panel.tsx';
import { LearningProgress, SightNotice, StateLine } from '../monitor/state.tsx';
import { TrafficPanel } from '../monitor/traffic-panel.tsx';
import { Page, Stat } from '../part/page.tsx';
import { Failure, Skeleton } from '../part/state.tsx';
import { tell, whenDone } from '../part/toast.tsx';

/** Alerts that the charts mark, the newest of any status. */
const MARKED = 100;
const none: readonly [] = [];

export function LivePage() {
  const { data: status, error, isPending, refetch } = useMonitor();
  const isDemo = useIsDemo();
  return (
    <Page
      title="Live"
      heading="Live"
      lead={
        status && (
          <>
            <StateLine status={status} />
            {status.reason}
          </>
        )
      }
      actions={
        status &&
        status.state !== 'off' &&
        !isDemo && (
          <May as="admin">
            <StopButton status={status} />
          </May>
        )
      }
    >
      {isPending && <Skeleton lines={10} label="Loading the state of the monitor" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {status &&
        (status.state === 'off' ? (
          <May as="admin">
            <StartPanel />
          </May>
        ) : (
          <Watching status={status} />
        ))}
    </Page>
  );
}

function Watching({ status }: { status: MonitorStatus }) {
  const alerts = useLatestAlerts(MARKED, {}).data?.alerts ?? none;
  const now = usePulse().at(-1);
  const isLost = useConnectionLost() !== null;
  const { devices, open_alerts } = status;
  return (
    <>
      <SightNotice status={status} />
      <LearningProgress status={status} />
      <dl className="stats">
        <Stat name="Now">{isLost ? 'unknown' : formatRate(now?.packets ?? 0)}</Stat>
        <Stat name="Devices online">
          {formatCount(devices.online)} of {formatCount(devices.known)}
        </Stat>
        <Stat name="At risk">{plural(devices.at_risk, 'device')}</Stat>
        <Stat name="Open alerts">{formatCount(open_alerts)}</Stat>
      </dl>
      <TrafficPanel alerts={alerts} gaps={status.gaps} />
      <DeviceRows />
      <AccountPanel status={status} />
    </>
  );
}

/** Watching can be taken up again with one press, so nobody is asked twice. */
function StopButton({ status: { source } }: { status: MonitorStatus }) {
  const stop = useStop();
  const start = useStart();
  const press = () =>
    whenDone(stop.mutateAsync(), () =>
      tell('Nothing is watched any more.', source ? () => start.mutateAsync(source) : undefined),
    );
  return (
    <Button variant="outline-secondary" disabled={stop.isPending} onClick={() => void press()}>
      Stop watching
    </Button>
  );
}
