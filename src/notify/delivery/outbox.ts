/**
 * Where notifications are kept, so that a restart loses none of them. The notifier holds what is on its way in memory
 * and writes every change through; it reads the outbox at its start, for the delivery log and for "why was I notified".
 * Flat rows with JSON as text: the store carries them. test/conformance/notify/outbox-suite.ts says what every
 * implementation must do.
 */

export type DeliveryStatus = 'waiting' | 'delivered' | 'dead' | 'cancelled';

/** One message on one channel. Times are milliseconds since 1970 UTC. */
export interface DeliveryRow {
  id: string;
  channel: string;
  type: string;
  status: DeliveryStatus;
  severity: string;
  title: string;
  created: number;
  /** Next attempt, while it waits. */
  due: number;
  ended: number | null;
  attempts: number;
  /** Addresses of the devices that it speaks of, each between spaces: " a b ". */
  addresses: string;
  /** Alert whose acknowledgement cancels it. */
  escalates: string | null;
  /** `Message` */
  message: string;
  /** `Attempt[]`, the latest. */
  log: string;
}

/** An alert that waits to be told together with others. */
export interface HeldRow {
  id: string;
  channel: string;
  /** Why it waits: what is due together on a channel for the same reason becomes one message. */
  reason: string;
  due: number;
  /** Delivery that will tell it. */
  delivery: string;
  address: string;
  /** `Brief` */
  brief: string;
}

/** What was decided when an alert came in. */
export interface DecisionRow {
  alert: string;
  ts: number;
  severity: string;
  address: string;
  /** `Decision[]` */
  decisions: string;
}

export interface OutboxChanges {
  /** Inserted, or replaced by id. */
  deliveries: DeliveryRow[];
  held: HeldRow[];
  /** Ids of held alerts that a delivery now tells. */
  released: string[];
  decisions: DecisionRow[];
}

export interface DeliveryQuery {
  limit: number;
  /** The last one of the page before. */
  before?: { created: number; id: string };
  channel?: string;
  status?: DeliveryStatus;
}

export interface OutboxState {
  /** Those that wait. */
  deliveries: DeliveryRow[];
  held: HeldRow[];
  /** The newest decisions, at most `decisions` of them. */
  decisions: DecisionRow[];
}

/** Every promise may reject with AppError `storage_full` or `store_unavailable`; nothing is half written then. */
export interface Outbox {
  load(limits: { decisions: number }): Promise<OutboxState>;
  /** All of it or nothing. */
  commit(changes: OutboxChanges): Promise<void>;
  /** Newest first: by `created`, then `id`, both descending. */
  deliveries(query: DeliveryQuery): Promise<DeliveryRow[]>;
  deliveriesById(ids: string[]): Promise<DeliveryRow[]>;
  /** Oldest first. */
  decisions(alert: string): Promise<DecisionRow[]>;
  /** Deletes ended deliveries and decisions that are older than `before` or not among the newest `keep` of their kind. */
  prune(bounds: { before: number; keep: number }): Promise<void>;
  /** Deletes everything that speaks of a device, on its way or not. */
  forget(address: string): Promise<void>;
}
