/** Why the owner was, or was not, told of an alert: each decision in a sentence. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { NotificationDecisions } from '../../../src/api/contract.ts';
import { get } from '../api.ts';
import { Empty, Failure, Skeleton } from '../part/state.tsx';
import { When } from '../part/when.tsx';

export function WhyTold({ id }: { id: number }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="panel panel-details" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <h2>Why was, or wasn’t, I told?</h2>
      </summary>
      {open && <Decisions id={id} />}
    </details>
  );
}

function Decisions({ id }: { id: number }) {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['alert', id, 'notifications'],
    queryFn: ({ signal }) => get<NotificationDecisions>(`/api/v1/alerts/${id}/notifications`, signal),
  });
  if (isPending) return <Skeleton lines={3} label="Loading the decisions" />;
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data.decisions.length === 0) {
    return (
      <Empty icon="mail" title="Nobody was told">
        There is no channel to tell by. A decision for each one appears here with every alert.
      </Empty>
    );
  }
  return (
    <ul className="decisions">
      {data.decisions.map(({ ts, channel, reason }) => (
        <li key={`${ts} ${channel} ${reason}`}>
          <span className="fw-semibold">{channel ?? 'Every channel'}</span> {reason}{' '}
          <span className="text-body-secondary">
            <When time={ts} />
          </span>
        </li>
      ))}
    </ul>
  );
}
