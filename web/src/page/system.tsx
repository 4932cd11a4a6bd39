/** Whether everything works that a scan needs, and where scripts connect. */
import type { Status } from '../../../src/api/contract.ts';
import { formatBytes, formatCount, formatDuration, formatError } from '../format.ts';
import { Icon } from '../part/icon.tsx';
import { Page, Panel, Stat } from '../part/page.tsx';
import { Failure, Skeleton } from '../part/state.tsx';
import { useStatus } from '../queries.ts';

export function SystemPage() {
  const { data, error, isPending, refetch } = useStatus();
  return (
    <Page title="System" heading="System status" lead={data && !error ? <Verdict status={data} /> : undefined}>
      {isPending && <Skeleton lines={6} label="Loading the system status" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && !error && <Details status={data} />}
      <Panel title="For scripts">
        <p>Everything on these pages is also there as JSON. A file is scanned with:</p>
        <pre className="command">
          <code>curl -F file=@traffic.csv {window.location.origin}/upload</code>
        </pre>
        <p className="mb-0">
          The whole interface is described in <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.
        </p>
      </Panel>
    </Page>
  );
}

function Verdict({ status }: { status: Status }) {
  const fine = status.status === 'operational';
  const missing = [
    !status.model_loaded && 'no model is loaded',
    status.database !== 'connected' && 'the database does not answer',
  ].filter(Boolean);
  return (
    <span className={fine ? 'verdict-fine' : 'verdict-degraded'}>
      <Icon name={fine ? 'check' : 'high'} />{' '}
      {fine ? 'Operational: everything works.' : `Degraded: ${missing.join(' and ')}.`}
    </span>
  );
}

function Details({ status }: { status: Status }) {
  const { limits } = status;
  return (
    <dl className="stats">
      <Stat name="Status">{status.status === 'operational' ? 'Operational' : 'Degraded'}</Stat>
      <Stat name="Model">{status.model_loaded ? 'Loaded' : 'Not loaded'}</Stat>
      <Stat name="Threshold">{status.threshold === null ? 'None' : formatError(status.threshold)}</Stat>
      <Stat name="Database">{status.database === 'connected' ? 'Connected' : 'Unavailable'}</Stat>
      <Stat name="Scans kept">{formatCount(status.total_scans)}</Stat>
      <Stat name="Running for">{formatDuration(Math.max(status.uptime_seconds, 1))}</Stat>
      <Stat name="Largest log">{formatBytes(limits.text_bytes)}</Stat>
      <Stat name="Largest capture">{formatBytes(limits.capture_bytes)}</Stat>
      <Stat name="Scans at once">{formatCount(limits.scans)}</Stat>
      <Stat name="Version">{status.version}</Stat>
    </dl>
  );
}
