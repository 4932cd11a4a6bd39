/** A channel that takes nothing any more is told of on the others: its own silence would say nothing. */
import type { Clock } from '../clock.ts';
import type { ChannelMemory } from './delivery/channel-history.ts';
import type { DeliveryRecord } from './delivery/delivery-log.ts';
import { formatTime } from './message/local-time.ts';
import type { Notifier } from './notifier.ts';
import { machineTimeZone } from './settings/notifier-settings.ts';

/** Nothing is tried again before long: the settings are wrong. */
const LONG_PAUSE_MS = 1_800_000;
/** A receiver may be away for a moment. */
const PATIENCE_MS = 10_000;

/** Returns what is to be called after every attempt on a channel; each spell of failures is told once, over restarts. */
export function createAlarm(
  clock: Clock,
  memory: ChannelMemory,
): (notifier: Notifier, delivery: Pick<DeliveryRecord, 'channel' | 'status'>) => void {
  return (notifier, { channel, status }) => {
    const failing = notifier.status().find(({ name }) => name === channel)?.failing;
    if (!failing) {
      // One that is merely called off says nothing of the channel.
      if (status === 'delivered') memory.works(channel);
      return;
    }
    const { since, message, hint, nextAttempt } = failing;
    const now = clock.now();
    if (memory.failingSince(channel) !== null) return;
    if (now - since < PATIENCE_MS && nextAttempt - now < LONG_PAUSE_MS) return;
    memory.fails(channel, since);
    const without = { channels: [channel], reason: 'It is about this channel itself.' };
    const time = formatTime(since / 1000, machineTimeZone());
    const notice = {
      id: `channel ${channel} ${since}`,
      severity: 'Medium' as const,
      title: `Guardian: the channel "${channel}" takes nothing`,
      sentence: `The notification channel "${channel}" has taken nothing since ${time}.`,
      meaning: message,
      advice: hint ? [hint] : [],
    };
    void notifier.announce(notice, without);
  };
}
