/** The delivery log, and "why was (or wasn't) I notified", as pages show them. */
import type { Severity } from '../../alert/severity.ts';
import type { MessageType } from '../message/message.ts';
import type { Decision } from './decision.ts';
import { type Attempt, type Delivery, fromRow } from './delivery.ts';
import type { DeliveryQuery, DeliveryStatus, Outbox } from './outbox.ts';

/** Times are milliseconds since 1970 UTC. */
export interface DeliveryRecord {
  id: string;
  channel: string;
  type: MessageType;
  status: DeliveryStatus;
  severity: Severity;
  title: string;
  /** Id of the alert that it tells; null for a summary, a scan or a test. */
  alert: string | null;
  /** Number of the scan that it tells of as a whole. */
  scan: number | null;
  created: number;
  /** Next attempt; null once it has ended. */
  due: number | null;
  ended: number | null;
  attempts: number;
  /** The latest attempts. */
  log: Attempt[];
}

export interface Explanation {
  alert: string;
  /** Oldest first. */
  decisions: (Decision & { ts: number; result: DeliveryRecord | null })[];
}

export const toRecord = ({
  id,
  channel,
  status,
  created,
  due,
  ended,
  attempts,
  log,
  message,
}: Delivery): DeliveryRecord => ({
  id,
  channel,
  type: message.type,
  status,
  severity: message.severity,
  title: message.title,
  alert: message.alert?.id ?? null,
  scan: message.scan ?? null,
  created,
  due: status === 'waiting' ? due : null,
  ended,
  attempts,
  log,
});

/** `unwritten` are newer than the outbox, which could not be written for a while. */
export async function listDeliveries(
  outbox: Outbox,
  unwritten: Delivery[],
  query: DeliveryQuery,
): Promise<DeliveryRecord[]> {
  const { limit, before, channel, status } = query;
  const byId = new Map((await outbox.deliveries(query)).map((row) => [row.id, fromRow(row)]));
  for (const delivery of unwritten) byId.set(delivery.id, delivery);
  return [...byId.values()]
    .filter((one) => (!channel || one.channel === channel) && (!status || one.status === status))
    .filter((one) => !before || newestFirst(before, one) < 0)
    .sort(newestFirst)
    .slice(0, limit)
    .map(toRecord);
}

type Place = NonNullable<DeliveryQuery['before']>;
const newestFirst = (a: Place, b: Place): number => b.created - a.created || (b.id < a.id ? -1 : b.id > a.id ? 1 : 0);

export async function explain(outbox: Outbox, unwritten: Delivery[], alert: string): Promise<Explanation> {
  const rows = await outbox.decisions(alert);
  const decisions = rows.flatMap(({ ts, decisions: json }) =>
    (JSON.parse(json) as Decision[]).map((decision) => ({ ...decision, ts })),
  );
  const ids = [...new Set(decisions.map(({ delivery }) => delivery).filter((id) => id !== null))];
  const results = new Map((await outbox.deliveriesById(ids)).map((row) => [row.id, fromRow(row)]));
  for (const delivery of unwritten) if (ids.includes(delivery.id)) results.set(delivery.id, delivery);
  return {
    alert,
    decisions: decisions.map((decision) => {
      const result = decision.delivery === null ? undefined : results.get(decision.delivery);
      return { ...decision, result: result ? toRecord(result) : null };
    }),
  };
}
