/** Who has changed what, newest first. */
import Button from 'react-bootstrap/Button';
import type { AuditEntry } from '../../../src/api/contract.ts';
import { useAudit } from '../account/queries.ts';
import { Page } from '../part/page.tsx';
import { Empty, Failure, Skeleton } from '../part/state.tsx';
import { When } from '../part/when.tsx';

export function AuditPage() {
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useAudit();
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <Page
      title="Log of changes"
      heading="Log of changes"
      lead="Who has changed what, when and from where."
      actions={
        <a className="btn btn-outline-secondary" href="/api/v1/audit/export" download>
          Export
        </a>
      }
    >
      <section className="panel" aria-label="Changes">
        {isPending && <Skeleton lines={6} label="Loading the log of changes" />}
        {error && <Failure error={error} onRetry={() => void refetch()} />}
        {data && entries.length === 0 && (
          <Empty icon="clock" title="Nothing was changed yet">
            Sign-ins, settings, accounts and what is done about alerts appear here.
          </Empty>
        )}
        <ul className="rows">
          {entries.map((entry) => (
            <AuditItem key={entry.id} entry={entry} />
          ))}
        </ul>
        {hasNextPage && (
          <div className="more">
            <Button variant="outline-secondary" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              Show older changes
            </Button>
          </div>
        )}
      </section>
    </Page>
  );
}

function AuditItem({ entry: { ts, actor, via, address, action, target, outcome } }: { entry: AuditEntry }) {
  return (
    <li className="row-item">
      <div className="row-text">
        <p className="fw-semibold mb-0">
          {action}
          {target && `: ${target}`} {outcome !== 'done' && <span className="tag tag-refused">{outcome}</span>}
        </p>
        <p className="text-body-secondary mb-0">
          {actor} · {via} · {address} · <When time={ts} />
        </p>
      </div>
    </li>
  );
}
