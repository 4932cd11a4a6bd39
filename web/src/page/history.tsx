/** Every scan that was kept, newest first. */
import Button from 'react-bootstrap/Button';
import { Page } from '../part/page.tsx';
import { ScanList } from '../part/scan-list.tsx';
import { Empty, Failure, Skeleton } from '../part/state.tsx';
import { useScans } from '../queries.ts';
import { Link } from '../router.tsx';

export function HistoryPage() {
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useScans();
  const scans = data?.pages.flatMap((page) => page.scans) ?? [];
  return (
    <Page title="History" heading="Scan history" lead="Every file that was scanned, and what was found in it.">
      <section className="panel" aria-label="Scans">
        {isPending && <Skeleton lines={8} label="Loading the history" />}
        {error && <Failure error={error} onRetry={() => void refetch()} />}
        {data && scans.length === 0 && (
          <Empty icon="inbox" title="Nothing scanned yet">
            <Link href="/">Scan a first file</Link> and its result stays here.
          </Empty>
        )}
        {scans.length > 0 && <ScanList scans={scans} />}
        {hasNextPage && (
          <div className="more">
            <Button variant="outline-secondary" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              Show older scans
            </Button>
          </div>
        )}
      </section>
    </Page>
  );
}
