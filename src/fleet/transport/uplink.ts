/** A way to a hub. One file for each: batches go out, and the hub says how far its database has come. */
import type { Lane } from '../../store/uplink/tables.ts';

export interface Cursor {
  epoch: string;
  lane: Lane;
  /** The hub's database has every record up to this one. */
  committed: number;
}

export interface Parcel {
  lane: Lane;
  /** The same for the same bytes: what carries it may drop the second one. */
  id: string;
  payload: Uint8Array;
}

export interface Uplink {
  /**
   * `kept`: something that survives a restart has it, which is not yet the hub's database. `full`: no room; try later.
   * Rejects when nothing answers.
   */
  publish(parcel: Parcel): Promise<'kept' | 'full'>;
  /** What the hub's database has; rejects when the hub does not answer. */
  ask(epoch: string): Promise<Cursor[]>;
  onCursor(listener: (cursor: Cursor) => void): void;
  onState(listener: (state: UplinkState) => void): void;
  close(): Promise<void>;
}

/** `refused`: the hub does not know this house, or no longer. */
export type UplinkState = 'connected' | 'away' | 'refused';
