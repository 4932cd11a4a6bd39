/** Notifications as the wire has them: seconds instead of milliseconds, names with underscores. */

import type { Overview, ShownChannel } from '../../notify/center.ts';
import type { DeliveryRecord, Explanation } from '../../notify/delivery/delivery-log.ts';
import { channelForms } from '../../notify/settings/form.ts';
import type { NotificationChannel, NotificationDecisions, NotificationDelivery, Notifications } from '../contract.ts';

const seconds = (milliseconds: number): number => milliseconds / 1000;
const orNull = (milliseconds: number | null): number | null => milliseconds && seconds(milliseconds);

function toChannel({ name, kind, from, enabled, settings, ...rest }: ShownChannel): NotificationChannel {
  const { waiting, held, sendingSince, failing, lastDelivered, lastFailed } = rest;
  const { name: _, kind: __, enabled: ___, ...own } = settings;
  const failure = failing && {
    ...{ code: failing.code, message: failing.message, hint: failing.hint },
    since: seconds(failing.since),
    next_attempt: seconds(failing.nextAttempt),
  };
  return {
    ...{ name, kind, from, enabled, waiting, held },
    settings: own,
    sending_since: orNull(sendingSince),
    failing: failure,
    last_delivered: orNull(lastDelivered),
    last_failed: lastFailed && { ...lastFailed, ts: seconds(lastFailed.ts) },
  };
}

export const toNotifications = (overview: Overview): Notifications => ({
  channels: overview.channels.map(toChannel),
  rules: overview.rules,
  rules_from: overview.rulesFrom,
  time_zone: { name: overview.timeZone, from: overview.timeZoneFrom },
  lan_targets: overview.lanTargets,
  storm: { messages: overview.storm.messages, window_minutes: overview.storm.windowMinutes },
  forms: channelForms(),
});

/** "alert-7" is a live alert, "scan-3-0" the first alert of a scan; notices are neither. */
function numberIn(id: string | null, pattern: RegExp): number | null {
  const match = pattern.exec(id ?? '');
  return match && Number(match[1]);
}

export const toDelivery = ({
  log,
  alert,
  scan,
  created,
  due,
  ended,
  ...rest
}: DeliveryRecord): NotificationDelivery => ({
  ...rest,
  alert: numberIn(alert, /^alert-(\d{1,15})$/),
  scan: scan ?? numberIn(alert, /^scan-(\d{1,15})-\d+$/),
  created: seconds(created),
  due: orNull(due),
  ended: orNull(ended),
  log: log.map(({ ts, seconds: took, error }) => ({
    ts: seconds(ts),
    seconds: took,
    error: error && { ...error, hint: error.hint ?? '' },
  })),
});

export const toDecisions = ({ decisions }: Explanation): NotificationDecisions => ({
  decisions: decisions.map(({ ts, channel, rule, outcome, reason, result }) => ({
    ...{ ts: seconds(ts), channel, rule, outcome, reason },
    delivery: result && toDelivery(result),
  })),
});

/** Cursor of a page: the last delivery of the one before. */
export const toCursor = ({ created, id }: DeliveryRecord): string => `${created}~${id}`;

/** Undefined for what is none. */
export function fromCursor(text: string): { created: number; id: string } | undefined {
  const match = /^(\d{1,15})~([\w-]{1,64})$/.exec(text);
  return match ? { created: Number(match[1]), id: match[2] } : undefined;
}
