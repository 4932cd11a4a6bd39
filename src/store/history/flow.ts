/** A connection as the history keeps it, and what is asked of the history. */

import type { FlowRecord } from '../../device/record/flow-record.ts';

export type { FlowRecord };

export interface StoredFlow extends FlowRecord {
  /** Grows with `ts`: the cursor of a page. */
  id: number;
  /** The first connection of this device with that end. */
  isNew: boolean;
  /** Episode of the alert that lists it. */
  episode: string | null;
}

/** A connection that an alert lists. */
export interface FlowMark {
  uid: string;
  ts: number;
  episode: string;
}

export interface FlowFilter {
  /** Seconds since 1970: from `since` on, before `until`. */
  since?: number;
  until?: number;
  /** Device: its link-layer or IP address. It is found at either end. */
  device?: string;
  /** IP addresses of that device: as such it is the other end of what another device begins. */
  deviceAddresses?: readonly string[];
  /** Other end: an address, a network (CIDR), or a name, which covers the names below it. */
  peer?: string;
  service?: string;
  /** Of either end. */
  port?: number;
  proto?: 'tcp' | 'udp' | 'icmp';
  direction?: 'out' | 'in';
  state?: string;
  /** At least so many bytes of payload in both directions. */
  bytes?: number;
  /** Only those of an alert (true), or of the alert of that episode. */
  alert?: true | string;
  /** Only the first connections of a device with an end, or only further ones. */
  novelty?: 'new' | 'usual';
}

export interface FlowPage {
  flows: StoredFlow[];
  /** Cursor of the next page; null on the last. */
  before: number | null;
  /** Not everything was looked at in the time that a page has: `before` goes on from there. */
  partial: boolean;
}

export interface FlowTotals {
  flows: number;
  sent: number;
  received: number;
}

export const groupings = ['peer', 'device', 'service'] as const;
export type Grouping = (typeof groupings)[number];

export interface TopRow extends FlowTotals {
  /** Name or address of the other end, address of the device, or the service. */
  key: string;
}

export interface FlowPoint extends FlowTotals {
  /** Begin of the hour or day, seconds since 1970 UTC. */
  ts: number;
}

export interface FlowHistory {
  /** Where a damaged history was put aside when this one was opened; null where there was none. */
  readonly quarantined: string | null;
  /** On disk once the promise resolves. */
  add(flows: readonly FlowRecord[], marks?: readonly FlowMark[]): Promise<void>;
  /** Newest first, only older ones than the id `before`. */
  search(filter: FlowFilter, page: { limit: number; before?: number }): Promise<FlowPage>;
  /** Whole hours and days: of a filter that they do not know, they know nothing (see `isSummed`). */
  totals(filter: FlowFilter): Promise<FlowTotals>;
  top(filter: FlowFilter, by: Grouping, limit: number): Promise<TopRow[]>;
  chart(filter: FlowFilter, step: 'hour' | 'day'): Promise<FlowPoint[]>;
  /** What is known of the device goes. */
  forget(device: string, addresses: readonly string[]): Promise<void>;
  /** Deletes connections before that time and the sums before that other (seconds since 1970). Gives how many went. */
  prune(limits: { before: number; sumsBefore: number; bytes: number }): Promise<number>;
  /** Bytes that hold something. */
  usedBytes(): Promise<number>;
  /** Of the oldest connection, seconds since 1970; null where there is none. */
  oldest(): Promise<number | null>;
  checkIntegrity(): Promise<string[]>;
  close(): Promise<void>;
}

/** Filters that the sums of hours and days know. */
export const isSummed = ({ port, proto, direction, state, bytes, alert, novelty }: FlowFilter): boolean =>
  [port, proto, direction, state, bytes, alert, novelty].every((value) => value === undefined);
