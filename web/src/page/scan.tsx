/** One scan: the verdict in a sentence, what happened, and the evidence below it. */
import { type ReactNode, useState } from 'react';
import type { ScanReport } from '../../../src/api/contract.ts';
import { ApiError } from '../api.ts';
import { formatDuration, plural } from '../format.ts';
import { Icon } from '../part/icon.tsx';
import { Page, Panel } from '../part/page.tsx';
import { SeverityBadge } from '../part/severity.tsx';
import { Empty, Failure, Skeleton } from '../part/state.tsx';
import { When } from '../part/when.tsx';
import { useScan } from '../queries.ts';
import { AlertList } from '../report/alert-list.tsx';
import { DeleteScan } from '../report/delete-scan.tsx';
import { DeviceTable } from '../report/device-table.tsx';
import { ErrorOverTime } from '../report/error-over-time.tsx';
import { FindingsTable } from '../report/findings-table.tsx';
import { LabelMetrics } from '../report/label-metrics.tsx';
import { ReadingNotes } from '../report/reading-notes.tsx';
import { Totals } from '../report/totals.tsx';
import {
  compareAlerts,
  describeAlert,
  describeCalm,
  describeStrongest,
  describeWindowCount,
  describeWindows,
  publishedDecides,
} from '../report/verdict.ts';
import { Link } from '../router.tsx';

export function ScanPage({ id }: { id: string }) {
  const { data: scan, error, isPending, refetch } = useScan(id);
  if (scan) return <Report scan={scan} />;
  const missing = error instanceof ApiError && error.status === 404;
  return (
    <Page title={`Scan ${id}`} heading={missing ? `There is no scan ${id}` : `Scan ${id}`}>
      {isPending && <Skeleton lines={10} label={`Loading scan ${id}`} />}
      {missing && (
        <p>
          The <Link href="/scans">history</Link> lists those that exist.
        </p>
      )}
      {error && !missing && <Failure error={error} onRetry={() => void refetch()} />}
    </Page>
  );
}

function Report({ scan }: { scan: ScanReport }) {
  const alerts = scan.alerts.toSorted(compareAlerts);
  const worst = alerts.at(0);
  return (
    <Page
      title={`Scan ${scan.id}`}
      heading={
        worst ? (
          <>
            <SeverityBadge severity={worst.severity} /> {describeAlert(worst)}
          </>
        ) : (
          'No alert'
        )
      }
      lead={
        <>
          <span className="lead-verdict">
            {worst ? (
              plural(scan.alerts_count, 'alert')
            ) : (
              <>
                <Icon name="check" className="verdict-fine" />
                {describeCalm(scan)}
              </>
            )}
          </span>
          <Origin scan={scan} />
        </>
      }
      actions={
        <>
          <a className="btn btn-outline-secondary" href={`/scan/${scan.id}`} download={`scan-${scan.id}.json`}>
            <Icon name="download" /> Export JSON
          </a>
          <Link className="btn btn-primary" href="/">
            Scan another file
          </Link>
          <DeleteScan scan={scan} />
        </>
      }
    >
      {alerts.length > 0 && <AlertList alerts={alerts} />}
      <ReadingNotes scan={scan} />
      <DeviceTable devices={scan.devices} />
      {publishedDecides(scan) ? <PublishedVerdict scan={scan} /> : <ForExperts scan={scan} />}
    </Page>
  );
}

function PublishedVerdict({ scan }: { scan: ScanReport }) {
  return (
    <>
      <header className="section-head">
        <h2>Published detector: {describeWindows(scan)}</h2>
        <p>{describeStrongest(scan)}</p>
      </header>
      <PublishedWindows scan={scan} />
    </>
  );
}

/** Drawn when it is asked for: a chart wants to know how wide it is. */
function ForExperts({ scan }: { scan: ScanReport }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="panel panel-details" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <h2>For experts: the published detector</h2>
        <span>{describeWindowCount(scan)}</span>
      </summary>
      {open && (
        <div className="expert">
          <p>
            It compares {describeWindows(scan)} with what it was trained on, and is kept for comparison. The verdict on
            this file is the one above. {describeStrongest(scan)}
          </p>
          <PublishedWindows scan={scan} />
        </div>
      )}
    </details>
  );
}

function PublishedWindows({ scan }: { scan: ScanReport }) {
  return (
    <>
      <Totals scan={scan} />
      <ErrorOverTime scan={scan} />
      <Findings scan={scan} />
      {scan.metrics && <LabelMetrics metrics={scan.metrics} />}
    </>
  );
}

/** Where the numbers come from. */
function Origin({ scan }: { scan: ScanReport }) {
  const parts: ReactNode[] = [
    <span key="file" className="origin-file">
      {scan.file || 'unknown file'}
    </span>,
    scan.format,
    scan.records > 0 && `${plural(scan.records - scan.skipped.rows, 'record')} read`,
    scan.seconds > 0 && `analysed in ${formatDuration(scan.seconds)}`,
    <When key="when" time={scan.timestamp} />,
  ];
  return (
    <span className="origin">
      {parts.filter(Boolean).map((part, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts never move
        <span key={i}>{part}</span>
      ))}
    </span>
  );
}

function Findings({ scan }: { scan: ScanReport }) {
  return (
    <Panel title="Anomalies" level="h3">
      {scan.details.length === 0 ? (
        <Empty icon="inbox" title="No anomalies">
          Not one of the {plural(scan.total_samples, 'window')} has an error above the threshold.
        </Empty>
      ) : (
        <FindingsTable details={scan.details} threshold={scan.threshold} plain={!publishedDecides(scan)} />
      )}
    </Panel>
  );
}
