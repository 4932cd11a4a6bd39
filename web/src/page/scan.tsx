/** One scan: the verdict in a sentence, what happened, and the evidence below it. */
import type { ReactNode } from 'react';
import type { ScanReport } from '../../../src/api/contract.ts';
import { ApiError } from '../api.ts';
import { formatDuration, plural } from '../format.ts';
import { Icon } from '../part/icon.tsx';
import { Page, Panel } from '../part/page.tsx';
import { SeverityBadge, worstOf } from '../part/severity.tsx';
import { Empty, Failure, Skeleton } from '../part/state.tsx';
import { When } from '../part/when.tsx';
import { useScan } from '../queries.ts';
import { AlertList } from '../report/alert-list.tsx';
import { DeviceTable } from '../report/device-table.tsx';
import { ErrorOverTime } from '../report/error-over-time.tsx';
import { FindingsTable } from '../report/findings-table.tsx';
import { LabelMetrics } from '../report/label-metrics.tsx';
import { ReadingNotes } from '../report/reading-notes.tsx';
import { Totals } from '../report/totals.tsx';
import { describeStrongest, describeVerdict } from '../report/verdict.ts';
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
  const worst = worstOf(scan.details.map(({ severity }) => severity));
  const strongest = describeStrongest(scan);
  return (
    <Page
      title={`Scan ${scan.id}`}
      heading={describeVerdict(scan)}
      lead={
        <>
          <span className="lead-verdict">
            {worst ? <SeverityBadge severity={worst} /> : <Icon name="check" className="verdict-fine" />}
            {strongest}
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
        </>
      }
    >
      <ReadingNotes scan={scan} />
      <Totals scan={scan} />
      {scan.alerts.length > 0 && <AlertList alerts={scan.alerts} />}
      <ErrorOverTime scan={scan} />
      <Findings scan={scan} />
      {scan.metrics && <LabelMetrics metrics={scan.metrics} />}
      <DeviceTable devices={scan.devices} />
    </Page>
  );
}

/** Where the numbers come from. */
function Origin({ scan }: { scan: ScanReport }) {
  const parts: ReactNode[] = [
    <span key="file" className="origin-file">
      {scan.file || 'unknown file'}
    </span>,
    scan.format,
    scan.records > 0 && `${plural(scan.records, 'record')} read`,
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
    <Panel title="Anomalies">
      {scan.details.length === 0 ? (
        <Empty icon="shield" title="No anomalies">
          Not one of the {plural(scan.total_samples, 'window')} has an error above the threshold.
        </Empty>
      ) : (
        <FindingsTable details={scan.details} threshold={scan.threshold} />
      )}
    </Panel>
  );
}
