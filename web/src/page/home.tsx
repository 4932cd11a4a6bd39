/** A file in, and what the last ones have shown. */
import { Page, Panel } from '../part/page.tsx';
import { ScanList } from '../part/scan-list.tsx';
import { Empty, Failure, Skeleton } from '../part/state.tsx';
import { useLatestScans } from '../queries.ts';
import { Link } from '../router.tsx';
import { DropZone } from '../upload/drop-zone.tsx';

const LATEST = 5;

export function HomePage() {
  return (
    <Page
      title="Scan"
      heading="Check your network’s traffic"
      lead="Guardian compares every stretch of traffic with what is usual, and shows what is not."
    >
      <DropZone />
      <LatestScans />
    </Page>
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
