/** What was sent, to whom, and what became of it. */
import { useState } from 'react';
import Button from 'react-bootstrap/Button';
import type { NotificationDelivery } from '../../../src/api/contract.ts';
import { plural } from '../format.ts';
import { Icon } from '../part/icon.tsx';
import { Panel } from '../part/page.tsx';
import { type Choice, Segments } from '../part/segments.tsx';
import { SeverityBadge } from '../part/severity.tsx';
import { Empty, Failure, Skeleton } from '../part/state.tsx';
import { tell, tellFailure } from '../part/toast.tsx';
import { Soon, When } from '../part/when.tsx';
import { Link } from '../router.tsx';
import { type DeliveryFilter, useDeliveries, useRetry } from './queries.ts';

/** Code of what was called off because the same alert has more to say. */
const REPLACED = 'replaced';

const filters: readonly Choice<DeliveryFilter>[] = [
  { value: 'all', name: 'All' },
  { value: 'waiting', name: 'Waiting' },
  { value: 'dead', name: 'Given up' },
];

export function DeliveryLog() {
  const [filter, setFilter] = useState<DeliveryFilter>('all');
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useDeliveries(filter);
  const deliveries = data?.pages.flatMap((page) => page.deliveries) ?? [];
  return (
    <Panel
      title="Delivery log"
      aside={<Segments label="Which messages" value={filter} choices={filters} onChange={setFilter} />}
    >
      {isPending && <Skeleton lines={4} label="Loading the delivery log" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && deliveries.length === 0 && (
        <Empty icon="inbox" title={filter === 'all' ? 'Nothing was sent yet' : 'Nothing of that sort'}>
          Every message appears here, with what became of it, for 90 days.
        </Empty>
      )}
      <ul className="deliveries">
        {deliveries.map((delivery) => (
          <DeliveryItem key={delivery.id} delivery={delivery} />
        ))}
      </ul>
      {hasNextPage && (
        <div className="more">
          <Button variant="outline-secondary" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show older messages
          </Button>
        </div>
      )}
    </Panel>
  );
}

function DeliveryItem({ delivery }: { delivery: NotificationDelivery }) {
  const { title, type, severity, alert, scan, channel, created, log, status } = delivery;
  const about = alert === null ? (scan === null ? null : `/scans/${scan}`) : `/alerts/${alert}`;
  const last = log.at(-1)?.error;
  const error = status === 'delivered' || last?.code === REPLACED ? null : last;
  return (
    <li className="delivery">
      <div className="delivery-what">
        {type === 'test' ? <span className="severity severity-low">Test</span> : <SeverityBadge severity={severity} />}
        <span className="delivery-title">{about ? <Link href={about}>{title}</Link> : title}</span>
      </div>
      <p className="delivery-facts">
        <DeliveryState delivery={delivery} />
        <span>{channel}</span>
        <When time={created} />
      </p>
      {error && (
        <p className="delivery-error">
          {error.message} {error.hint} <code className="notice-code">{error.code}</code>
        </p>
      )}
      {status === 'dead' && <RetryButton delivery={delivery} />}
    </li>
  );
}

function DeliveryState({ delivery: { status, attempts, due, log } }: { delivery: NotificationDelivery }) {
  const tries = attempts > 1 ? ` after ${plural(attempts, 'attempt')}` : '';
  switch (status) {
    case 'delivered':
      return (
        <span className="verdict-fine">
          <Icon name="check" /> Delivered{tries}
        </span>
      );
    case 'dead':
      return (
        <span className="verdict-degraded">
          <Icon name="high" /> Given up{tries}
        </span>
      );
    case 'cancelled':
      return log.at(-1)?.error?.code === REPLACED ? (
        <span>Replaced by a newer one</span>
      ) : (
        <span>Called off: somebody has looked after it</span>
      );
    case 'waiting':
      return (
        <span>
          <Icon name="waiting" /> {attempts > 0 ? `${plural(attempts, 'attempt')} failed, next ` : 'Leaves '}
          {due !== null && <Soon time={due} />}
        </span>
      );
  }
}

function RetryButton({ delivery: { id, title } }: { delivery: NotificationDelivery }) {
  const retry = useRetry();
  // As a promise: it may have left the list by then, and callbacks of what is gone are not called.
  const again = () => void retry.mutateAsync(id).then(() => tell('It is on its way again.'), tellFailure);
  return (
    <Button
      variant="outline-secondary"
      size="sm"
      disabled={retry.isPending}
      aria-label={`Send again: ${title}`}
      onClick={again}
    >
      Send again
    </Button>
  );
}
