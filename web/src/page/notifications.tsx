/** How the owner is told: channels, rules, and what became of each message. */
import type { Notifications } from '../../../src/api/contract.ts';
import { ChannelList } from '../notify/channel-list.tsx';
import { DeliveryLog } from '../notify/delivery-log.tsx';
import { OptionsPanel } from '../notify/options-panel.tsx';
import { useNotifications } from '../notify/queries.ts';
import { RuleList } from '../notify/rule-list.tsx';
import { standingOf } from '../notify/standing.ts';
import { Icon } from '../part/icon.tsx';
import { Page } from '../part/page.tsx';
import { Failure, Skeleton } from '../part/state.tsx';

export function NotificationsPage() {
  const { data, error, isPending, refetch } = useNotifications();
  return (
    <Page title="Notifications" heading="Notifications" lead={data && <Verdict notifications={data} />}>
      {isPending && <Skeleton lines={8} label="Loading the notification settings" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <ChannelList notifications={data} />
          <RuleList notifications={data} />
          <OptionsPanel notifications={data} />
          <DeliveryLog />
        </>
      )}
    </Page>
  );
}

function Verdict({ notifications }: { notifications: Notifications }) {
  const { state, sentence } = standingOf(notifications);
  if (state === 'none') return <>{sentence}</>;
  return (
    <span className={state === 'fine' ? 'verdict-fine' : 'verdict-degraded'}>
      <Icon name={state === 'fine' ? 'check' : 'high'} /> {sentence}
    </span>
  );
}
