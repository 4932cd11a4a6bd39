/** What was told, newest first: what is open, what somebody looks after, and what the owner wants so. */
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import type { LiveAlert } from '../../../src/api/contract.ts';
import { LiveAlertList } from '../alert/live-list.tsx';
import { useAlerts } from '../alert/queries.ts';
import { statusInWords } from '../alert/words.ts';
import { useDevices } from '../device/queries.ts';
import { useMonitor } from '../monitor/queries.ts';
import { Page } from '../part/page.tsx';
import { Segments } from '../part/segments.tsx';
import { severities } from '../part/severity.tsx';
import { Empty, Failure, Skeleton } from '../part/state.tsx';
import { Link, setSearch, useSearch } from '../router.tsx';

type Status = LiveAlert['status'];
const statuses: readonly Status[] = ['open', 'acknowledged', 'expected'];
const choices = [...statuses.map((value) => ({ value, name: statusInWords(value) })), { value: 'all', name: 'All' }];

export function AlertsPage() {
  const search = useSearch();
  const status = search.get('status') ?? 'open';
  const device = search.get('device') ?? '';
  const severity = search.get('severity') ?? '';
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useAlerts({
    status: statuses.find((one) => one === status),
    severity: severities.find((one) => one === severity),
    device: device || undefined,
  });
  const alerts = data?.pages.flatMap((page) => page.alerts);
  return (
    <Page
      title="Alerts"
      heading="Alerts"
      lead="What differed from a device’s own past, newest first."
      actions={
        <Link href="/mutes" className="btn btn-outline-secondary">
          Hidden alerts
        </Link>
      }
    >
      <div className="list-tools">
        <Segments
          label="Show by status"
          value={status}
          choices={choices}
          onChange={(value) => setSearch('status', value === 'open' ? '' : value)}
        />
        <SeveritySelect severity={severity} />
        <DeviceSelect mac={device} />
      </div>
      <section className="panel" aria-label="Alerts found">
        {isPending && <Skeleton lines={8} label="Loading the alerts" />}
        {error && <Failure error={error} onRetry={() => void refetch()} />}
        {alerts && alerts.length > 0 && <LiveAlertList alerts={alerts} />}
        {alerts?.length === 0 && !hasNextPage && (
          <Nothing status={status} filtered={device !== '' || severity !== ''} />
        )}
        {hasNextPage && (
          <div className="more">
            <Button variant="outline-secondary" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              Show older alerts
            </Button>
          </div>
        )}
      </section>
    </Page>
  );
}

function SeveritySelect({ severity }: { severity: string }) {
  return (
    <Form.Select
      size="sm"
      aria-label="Severity"
      value={severity}
      onChange={({ target }) => setSearch('severity', target.value)}
    >
      <option value="">Every severity</option>
      {severities.map((one) => (
        <option key={one}>{one}</option>
      ))}
    </Form.Select>
  );
}

function DeviceSelect({ mac }: { mac: string }) {
  const devices = useDevices().data?.devices ?? [];
  return (
    <Form.Select size="sm" aria-label="Device" value={mac} onChange={({ target }) => setSearch('device', target.value)}>
      <option value="">Every device</option>
      {mac && !devices.some((device) => device.mac === mac) && <option value={mac}>{mac}</option>}
      {devices
        .toSorted((a, b) => a.name.localeCompare(b.name))
        .map((device) => (
          <option key={device.mac} value={device.mac}>
            {device.name}
          </option>
        ))}
    </Form.Select>
  );
}

/** A shield only where somebody keeps watch. */
function NothingOpen() {
  const { data: monitor } = useMonitor();
  if (monitor?.state === 'off') {
    return (
      <Empty icon="off" title="Nothing is being watched">
        No alert can come. <Link href="/">Watch your network</Link>: when a device differs from its own past, it is said
        here, within a minute as a rule.
      </Empty>
    );
  }
  if (monitor?.state === 'blind' || monitor?.state === 'degraded') {
    return (
      <Empty icon="blind" title="No open alert, but not everything is seen">
        {monitor.sentence} <Link href="/live">What is missing</Link>
      </Empty>
    );
  }
  return (
    <Empty icon="shield" title="Nothing needs your attention">
      When a device differs from its own past, it is said here, within a minute as a rule.
    </Empty>
  );
}

function Nothing({ status, filtered }: { status: string; filtered: boolean }) {
  if (filtered) {
    return (
      <Empty icon="search" title="No matching alert">
        Others may: <Link href="/alerts?status=all">show all alerts</Link>.
      </Empty>
    );
  }
  if (status === 'open') {
    return <NothingOpen />;
  }
  return (
    <Empty icon="inbox" title="None">
      {status === 'acknowledged'
        ? 'Alerts that somebody has taken on (“I’m on it”) appear here.'
        : status === 'expected'
          ? 'What you have called expected appears here, and is not told again.'
          : 'The first alert appears here as soon as it is raised.'}
    </Empty>
  );
}
