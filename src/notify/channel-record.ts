/** What the delivery log says of a channel: whether it took what it was last given. */
import { UNSENT } from './delivery/delivery.ts';
import type { DeliveryRecord } from './delivery/delivery-log.ts';
import type { Notifier } from './notifier.ts';

/** Times are milliseconds since 1970 UTC. */
export interface ChannelRecord {
  /** Null where the log knows of none. */
  lastDelivered: number | null;
  /** The latest message, where the channel did not take it and none will be tried again by itself. */
  lastFailed: LastFailure | null;
}

interface LastFailure {
  ts: number;
  /** It was a test message. */
  test: boolean;
  code: string;
  message: string;
  hint: string;
}

/** Messages of each sort that are looked at: they are in the order in which they were made, not in which they ended. */
const LOOKED_AT = 20;

/** `since`: what ended before is of other settings. */
export async function readChannelRecord(
  { deliveries }: Pick<Notifier, 'deliveries'>,
  channel: string,
  since: number,
): Promise<ChannelRecord> {
  const ofStatus = async (status: 'delivered' | 'dead'): Promise<DeliveryRecord[]> => {
    const found = await deliveries({ channel, status, limit: LOOKED_AT });
    return found.filter(({ ended }) => ended !== null && ended > since).sort((a, b) => b.ended! - a.ended!);
  };
  const [delivered, dead] = await Promise.all([ofStatus('delivered'), ofStatus('dead')]);
  const lastDelivered = delivered[0]?.ended ?? null;
  const refused = dead.find(({ log }) => log.at(-1)?.error && !UNSENT.includes(log.at(-1)!.error!.code));
  if (!refused || (lastDelivered ?? 0) > refused.ended!) return { lastDelivered, lastFailed: null };
  const { code, message, hint = '' } = refused.log.at(-1)!.error!;
  return { lastDelivered, lastFailed: { ts: refused.ended!, test: refused.type === 'test', code, message, hint } };
}
