/** Whether everything works that a scan needs, and where scripts connect. */
import type { ReactNode } from 'react';
import type { Status } from '../../../src/api/contract.ts';
import { formatBytes, formatCount, formatDuration, formatError, plural } from '../format.ts';
import { Icon, type IconName } from '../part/icon.tsx';
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
  const connected = status.database === 'connected';
  return (
    <>
      <section className="panel parts" aria-label="Parts">
        <Part icon="cpu" name="Model" fine={status.model_loaded} state={status.model_loaded ? 'Loaded' : 'Not loaded'}>
          {status.threshold === null ? 'No threshold' : `Threshold ${formatError(status.threshold)}`}
        </Part>
        <Part icon="database" name="Database" fine={connected} state={connected ? 'Connected' : 'Unavailable'}>
          {connected ? `${plural(status.total_scans, 'scan')} kept` : 'The history cannot be read'}
        </Part>
        <Part icon="system" name="Server" fine state="Running">
          For {formatDuration(Math.max(status.uptime_seconds, 1))}, version {status.version}
        </Part>
      </section>
      <dl className="stats">
        <Stat name="Largest log">{formatBytes(limits.text_bytes)}</Stat>
        <Stat name="Largest capture">{formatBytes(limits.capture_bytes)}</Stat>
        <Stat name="Scans at once">{formatCount(limits.scans)}</Stat>
      </dl>
    </>
  );
}

interface PartProps {
  icon: IconName;
  name: string;
  fine: boolean;
  state: string;
  children: ReactNode;
}

function Part({ icon, name, fine, state, children }: PartProps) {
  return (
    <div className="part">
      <Icon name={icon} className="part-icon" />
      <div className="part-text">
        <h2>{name}</h2>
        <p className="text-body-secondary mb-0">{children}</p>
      </div>
      <span className={fine ? 'verdict-fine' : 'verdict-degraded'}>
        <Icon name={fine ? 'check' : 'high'} /> {state}
      </span>
    </div>
  );
}
