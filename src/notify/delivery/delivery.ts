/** A message on its way on one channel, and its row in the outbox. */
import { severities } from '../../alert/severity.ts';
import type { Message } from '../message/message.ts';
import type { Brief } from '../message/subject.ts';
import type { DeliveryRow, DeliveryStatus, HeldRow } from './outbox.ts';

export interface Attempt {
  /** Milliseconds since 1970 UTC. */
  ts: number;
  seconds: number;
  /** Null for success, else code and words of what went wrong; entries of earlier versions have no hint. */
  error: { code: string; message: string; hint?: string } | null;
}

export interface Delivery {
  id: string;
  channel: string;
  status: DeliveryStatus;
  /** Milliseconds since 1970 UTC. */
  created: number;
  due: number;
  ended: number | null;
  attempts: number;
  addresses: string[];
  /** Alert whose acknowledgement cancels it. */
  escalates: string | null;
  message: Message;
  /** The latest attempts. */
  log: Attempt[];
}

/** Codes of what ended without an attempt: they say nothing about the receiver. */
export const UNSENT: readonly string[] = ['channel_not_found', 'queue_full', 'too_old'];

/** Code in the log of what was called off because the same alert has more to say now. */
export const REPLACED = 'replaced';

/** Attempts that the log of one delivery keeps. */
const LOGGED_ATTEMPTS = 10;

export function newDelivery(channel: string, message: Message, created: number, due = created): Delivery {
  const addresses = message.alert ? [message.alert.address] : message.briefs.map(({ address }) => address);
  return {
    id: message.id,
    channel,
    status: 'waiting',
    created,
    due,
    ended: null,
    attempts: 0,
    addresses: [...new Set(addresses.filter(Boolean))],
    escalates: null,
    message,
    log: [],
  };
}

export function addAttempt(delivery: Delivery, attempt: Attempt): void {
  delivery.attempts++;
  delivery.log = [...delivery.log, attempt].slice(-LOGGED_ATTEMPTS);
}

export const toRow = ({ message, log, addresses, ...rest }: Delivery): DeliveryRow => ({
  ...rest,
  type: message.type,
  severity: message.severity,
  title: message.title,
  addresses: ` ${addresses.join(' ')} `,
  message: JSON.stringify(message),
  log: JSON.stringify(log),
});

export const fromRow = (row: DeliveryRow): Delivery => ({
  id: row.id,
  channel: row.channel,
  status: row.status,
  created: row.created,
  due: row.due,
  ended: row.ended,
  attempts: row.attempts,
  addresses: row.addresses.split(' ').filter(Boolean),
  escalates: row.escalates,
  message: JSON.parse(row.message) as Message,
  log: JSON.parse(row.log) as Attempt[],
});

/** What waits for company, with its brief unpacked. */
export type Held = Omit<HeldRow, 'brief' | 'address'> & { brief: Brief };

export const toHeldRow = ({ brief, ...rest }: Held): HeldRow => ({
  ...rest,
  address: brief.address,
  brief: JSON.stringify(brief),
});

export const fromHeldRow = ({ brief, address: _, ...rest }: HeldRow): Held => ({
  ...rest,
  brief: JSON.parse(brief) as Brief,
});

/** Worst first, then oldest: what leaves first when a channel has a choice, and last when it has too much. */
export const byUrgency = (a: Delivery, b: Delivery): number =>
  severities.indexOf(b.message.severity) - severities.indexOf(a.message.severity) || a.created - b.created;
