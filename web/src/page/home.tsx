/** How the network is, in a sentence; what needs attention; and a file to scan with what the last ones have shown. */
import type { MonitorStatus } from '../../../src/api/contract.ts';
import { May } from '../account/may.tsx';
import { LiveAlertList } from '../alert/live-list.tsx';
import { useLatestAlerts } from '../alert/queries.ts';
import { DevicesByState } from '../device/by-state.tsx';
import { plural } from '../format.ts';
import { Changes } from '../monitor/changes.tsx';
import { useMonitor } from '../monitor/queries.ts';
import { StartPanel } from '../monitor/start-panel.tsx';
import { LearningProgress, SightNotice, StateIcon, StateLine, StateSentence } from '../monitor/state.tsx';
import { Page, Panel } from '../part/page.tsx';
import { ScanList } from '../part/scan-list.tsx';
import { severities } from '../part/severity.tsx';
import { Empty, Failure, Skeleton } from '../part/state.tsx';
import { useLatestScans } from '../queries.ts';
import { Link } from '../router.tsx';
import { DropZone } from '../upload/drop-zone.tsx';

const LATEST = 5;
/** Open alerts of which the worst are shown. */
const CONSIDERED = 100;

export function HomePage() {
  const { data: status, error, isPending, refetch } = useMonitor();
  return (
    <Page
      title="Home"
      heading={
        <>
          {status && <StateIcon status={status} />} <StateSentence status={status} />
        </>
      }
      lead={status && status.state !== 'off' ? <Lead status={status} /> : undefined}
    >
      {isPending && <Skeleton lines={3} label="Loading the state of your network" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {status && <SightNotice status={status} />}
      {status && <LearningProgress status={status} />}
      {status && status.open_alerts > 0 && <NeedsAttention />}
      {status && status.state !== 'off' && <Changes status={status} />}
      {status && status.devices.known > 0 && <DevicesByState status={status} />}
      {status?.state === 'off' && (
        <May as="admin">
          <StartPanel />
        </May>
      )}
      <header className="section-head">
        <h2>Check a file</h2>
        <p>Guardian compares every stretch of its traffic with what is usual, and shows what is not.</p>
      </header>
      <May as="operator">
        <DropZone />
      </May>
      <LatestScans />
    </Page>
  );
}

function Lead({ status }: { status: MonitorStatus }) {
  return (
    <StateLine status={status}>
      <span>
        {status.devices.online} of {plural(status.devices.known, 'device')} online
      </span>
      <Link href="/live">See it live</Link>
    </StateLine>
  );
}

/** The worst first, of each the newest. */
function NeedsAttention() {
  const { data, error, refetch } = useLatestAlerts(CONSIDERED, { status: 'open' });
  const worst = data?.alerts.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
  return (
    <Panel title="Needs attention" aside={<Link href="/alerts">All open alerts</Link>}>
      {!data && !error && <Skeleton label="Loading the open alerts" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {worst && <LiveAlertList alerts={worst.slice(0, LATEST)} />}
    </Panel>
  );
}

function LatestScans() {
  const { data, error, isPending, refetch } = useLatestScans(LATEST);
  return (
    <Panel
      title="Latest scans"
      aside={data && data.scans.length > 0 ? <Link href="/scans">View history</Link> : undefined}
    >
      {isPending && <Skeleton label="Loading the latest scans" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data?.scans.length === 0 && (
        <Empty icon="inbox" title="Nothing scanned yet">
          The result of your first file appears here, usually within seconds.
        </Empty>
      )}
      {data && data.scans.length > 0 && <ScanList scans={data.scans} />}
    </Panel>
  );
}
