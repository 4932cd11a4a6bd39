/** How the owner is told: channels, rules, and what became of each message. */
import type { Notifications } from '../../../src/api/contract.ts';
import { plural } from '../format.ts';
import { ChannelList } from '../notify/channel-list.tsx';
import { DeliveryLog } from '../notify/delivery-log.tsx';
import { OptionsPanel } from '../notify/options-panel.tsx';
import { useNotifications } from '../notify/queries.ts';
import { RuleList } from '../notify/rule-list.tsx';
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

function Verdict({ notifications: { channels } }: { notifications: Notifications }) {
  const active = channels.filter(({ enabled }) => enabled);
  const failing = active.filter((channel) => channel.failing || channel.last_failed);
  if (active.length === 0) return <>Nobody is told when something is wrong.</>;
  if (failing.length > 0) {
    return (
      <span className="verdict-degraded">
        <Icon name="high" /> {plural(failing.length, 'channel')} of {active.length}{' '}
        {failing.length === 1 ? 'takes' : 'take'} no messages.
      </span>
    );
  }
  return (
    <span className="verdict-fine">
      <Icon name="check" /> Alerts go to{' '}
      {active.length === 1 ? `“${active[0].name}”` : plural(active.length, 'channel')}.
    </span>
  );
}
