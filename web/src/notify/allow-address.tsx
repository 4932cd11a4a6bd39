/** What is refused only because nobody has said that it is a machine of the own network can be allowed where that is said. */
import Button from 'react-bootstrap/Button';
import type { NotificationChannel } from '../../../src/api/contract.ts';
import { tell, tellFailure } from '../part/toast.tsx';
import { useNotifications, useSaveOptions, useTestChannel } from './queries.ts';

/** The host and port of a channel; null where its address is a secret. */
function addressOf({ settings }: NotificationChannel): string | null {
  if (typeof settings.url !== 'string' || !URL.canParse(settings.url)) return null;
  return new URL(settings.url).host || null;
}

export function AllowAddress({ channel }: { channel: NotificationChannel }) {
  const { data } = useNotifications();
  const save = useSaveOptions();
  const test = useTestChannel();
  const address = addressOf(channel);
  if (address === null || !data) return null;
  const { time_zone, lan_targets } = data;
  const own = { time_zone: time_zone.from === 'page' ? time_zone.name : null, lan_targets: lan_targets.page };
  const allow = async () => {
    try {
      await save.mutateAsync({ ...own, lan_targets: [...own.lan_targets, address] });
      tell(`${address} is allowed.`, () => save.mutateAsync(own));
      await test.mutateAsync(channel.name);
    } catch (error) {
      tellFailure(error as Error);
    }
  };
  return (
    <Button
      variant="outline-secondary"
      size="sm"
      disabled={save.isPending || test.isPending}
      onClick={() => void allow()}
    >
      Allow this address: {address}
    </Button>
  );
}
