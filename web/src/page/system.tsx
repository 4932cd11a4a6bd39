/** Whether everything works: what a scan needs, what watches the network, and what tells the owner. */
import type { ReactNode } from 'react';
import type { MonitorStatus, Notifications, Status } from '../../../src/api/contract.ts';
import { useMay } from '../account/queries.ts';
import { formatClock, formatCount, formatDuration, formatError, formatLimit, plural } from '../format.ts';
import { useConnectionLost } from '../live.ts';
import { useMonitor } from '../monitor/queries.ts';
import { StateBadge } from '../monitor/state.tsx';
import { useNotifications } from '../notify/queries.ts';
import { standingOf } from '../notify/standing.ts';
import { Icon, type IconName } from '../part/icon.tsx';
import { Page, Panel, Stat } from '../part/page.tsx';
import { Failure, Skeleton } from '../part/state.tsx';
import { useStatus } from '../queries.ts';
import { Link } from '../router.tsx';

/** Null where the server does not say. */
interface Parts {
  status: Status;
  monitor: MonitorStatus | null;
  /** Undefined where it is for administrators to know. */
  notifications: Notifications | null | undefined;
}

export function SystemPage() {
  const { data: status, error, isPending, refetch } = useStatus();
  const monitor = useMonitor();
  const notifications = useNotifications();
  const mayAsk = useMay('admin');
  const waits = isPending || monitor.isPending || notifications.isLoading;
  const parts =
    waits || error
      ? null
      : {
          status,
          monitor: monitor.error ? null : monitor.data,
          notifications: mayAsk ? (notifications.error ? null : (notifications.data ?? null)) : undefined,
        };
  return (
    <Page title="System" heading="System status" lead={parts ? <Verdict {...parts} /> : undefined}>
      {waits && !error && <Skeleton lines={6} label="Loading the system status" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {parts && <Details {...parts} />}
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

/** What does not work, as the rest of a sentence. */
function faultsOf({ status, monitor, notifications }: Parts): string[] {
  const told = notifications && standingOf(notifications);
  const why = monitor?.reason ? ` (${monitor.reason})` : '';
  return [
    !status.model_loaded && 'no model is loaded',
    status.database !== 'connected' && 'the database does not answer',
    !monitor && 'the live monitor does not answer',
    monitor?.state === 'blind' && `no traffic is seen${why}`,
    monitor?.state === 'degraded' && `part of the traffic is missed${why}`,
    notifications === null && 'notifications do not answer',
    told?.state === 'failing' && told.sentence.replace(/\.$/, ''),
  ].filter((fault) => fault !== false);
}

function Verdict(parts: Parts) {
  const lostAt = useConnectionLost();
  if (lostAt !== null) {
    return (
      <span className="verdict-degraded">
        <Icon name="blind" /> Guardian has not answered since {formatClock(lostAt / 1000)}.
      </span>
    );
  }
  const faults = faultsOf(parts);
  if (faults.length > 0) {
    return (
      <span className="verdict-degraded">
        <Icon name="high" /> Degraded: {new Intl.ListFormat('en-GB').format(faults)}.
      </span>
    );
  }
  if (parts.monitor?.state === 'off') {
    return (
      <span>
        <Icon name="off" /> Nothing is being watched: Guardian reports nothing of your network. Everything else works.
      </span>
    );
  }
  return (
    <span className="verdict-fine">
      <Icon name="check" /> Operational: everything works.
    </span>
  );
}

function Details({ status, monitor, notifications }: Parts) {
  const { limits } = status;
  const connected = status.database === 'connected';
  return (
    <>
      <section className="panel parts" aria-label="Parts">
        <Part
          icon="live"
          name="Live monitor"
          state={monitor ? <StateBadge state={monitor.state} /> : <Works fine={false} word="Unavailable" />}
        >
          {monitor ? <Watched monitor={monitor} /> : 'What is watched cannot be read'}
        </Part>
        {notifications !== undefined && (
          <Part icon="bell" name="Notifications" state={<Told notifications={notifications} />}>
            {notifications ? standingOf(notifications).sentence : 'The channels cannot be read'}{' '}
            <Link href="/notifications">Channels</Link>
          </Part>
        )}
        <Part
          icon="cpu"
          name="Model"
          state={<Works fine={status.model_loaded} word={status.model_loaded ? 'Loaded' : 'Not loaded'} />}
        >
          {status.threshold === null ? 'No threshold' : `Threshold ${formatError(status.threshold)}`}
        </Part>
        <Part
          icon="database"
          name="Database"
          state={<Works fine={connected} word={connected ? 'Connected' : 'Unavailable'} />}
        >
          {connected ? `${plural(status.total_scans, 'scan')} kept` : 'The history cannot be read'}
        </Part>
        <Part icon="system" name="Server" state={<ServerState />}>
          For {formatDuration(Math.max(status.uptime_seconds, 1))}, version {status.version} ·{' '}
          <Link href="/trust">Open it on other devices</Link>
        </Part>
      </section>
      <dl className="stats">
        <Stat name="Largest log">{formatLimit(limits.text_bytes)}</Stat>
        <Stat name="Largest capture">{formatLimit(limits.capture_bytes)}</Stat>
        <Stat name="Scans at once">{formatCount(limits.scans)}</Stat>
      </dl>
    </>
  );
}

function ServerState() {
  const isLost = useConnectionLost() !== null;
  return <Works fine={!isLost} word={isLost ? 'No answer' : 'Running'} />;
}

function Watched({ monitor: { state, source, sentence } }: { monitor: MonitorStatus }) {
  return (
    <>
      {state !== 'off' && source && `${source} · `}
      {sentence} <Link href={state === 'off' ? '/' : '/live'}>{state === 'off' ? 'Watch your network' : 'Live'}</Link>
    </>
  );
}

function Told({ notifications }: { notifications: Notifications | null }) {
  if (!notifications) return <Works fine={false} word="Unavailable" />;
  const { state } = standingOf(notifications);
  if (state !== 'none') return <Works fine={state === 'fine'} word={state === 'fine' ? 'Working' : 'Failing'} />;
  return (
    <span className="text-body-secondary">
      <Icon name="off" /> None
    </span>
  );
}

function Works({ fine, word }: { fine: boolean; word: string }) {
  return (
    <span className={fine ? 'verdict-fine' : 'verdict-degraded'}>
      <Icon name={fine ? 'check' : 'high'} /> {word}
    </span>
  );
}

interface PartProps {
  icon: IconName;
  name: string;
  state: ReactNode;
  children: ReactNode;
}

function Part({ icon, name, state, children }: PartProps) {
  return (
    <div className="part">
      <Icon name={icon} className="part-icon" />
      <div className="part-text">
        <h2>{name}</h2>
        <p className="text-body-secondary mb-0">{children}</p>
      </div>
      {state}
    </div>
  );
}
