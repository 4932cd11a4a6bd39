/**
 * What a device did in the hour that is not over yet: a small uniform sample. It becomes part of the past only when
 * the whole hour turns out to have been quiet, so that nothing can be taught while it is being judged.
 */
import type { Category } from '../density/neighbours.ts';
import { Xorshift32 } from '../density/xorshift.ts';
import { getOrCreate, renameKey } from '../keyed.ts';

const ROWS = 64;
/** Of a suspicious hour this share is learned: drift gets through, slowly. */
const SUSPICIOUS_SHARE = 1 / 8;
const MOST_DEVICES = 1024;

/** How an hour of a device ended. */
export type HourVerdict = 'quiet' | 'suspicious' | 'alarmed';

export interface Row {
  vector: Float32Array;
  categories: readonly Category[];
}

export interface SavedRow {
  vector: number[];
  categories: readonly Category[];
}

export const saveRow = ({ vector, categories }: Row): SavedRow => ({ vector: [...vector], categories });
export const loadRow = ({ vector, categories }: SavedRow): Row => ({ vector: Float32Array.from(vector), categories });

export class HourSample {
  private readonly devices = new Map<string, { rows: Row[]; seen: number }>();
  private readonly setAside = new Map<string, Row[]>();
  private readonly random = new Xorshift32(0x9e3779b9);

  /** Copies what it keeps. */
  add(device: string, vector: Float32Array, categories: readonly Category[]): void {
    if (this.devices.size >= MOST_DEVICES && !this.devices.has(device)) return;
    const hour = getOrCreate(this.devices, device, () => ({ rows: [] as Row[], seen: 0 }));
    hour.seen++;
    const slot = hour.rows.length < ROWS ? hour.rows.length : this.random.next() % hour.seen;
    if (slot < ROWS) hour.rows[slot] = { vector: vector.slice(), categories: [...categories] };
  }

  /** Ends the device's hour and gives what is to be learned of it. An alarmed hour is set aside for the owner's word. */
  end(device: string, verdict: HourVerdict): Row[] {
    const rows = this.devices.get(device)?.rows ?? [];
    this.devices.delete(device);
    if (verdict === 'alarmed') {
      this.setAside.set(device, rows);
      return [];
    }
    return verdict === 'quiet' ? rows : rows.slice(0, Math.ceil(rows.length * SUSPICIOUS_SHARE));
  }

  /** What the owner calls expected: of the running hour, and of the last alarmed one. */
  accept(device: string): Row[] {
    const rows = [...(this.setAside.get(device) ?? []), ...(this.devices.get(device)?.rows ?? [])];
    this.setAside.delete(device);
    this.devices.delete(device);
    return rows;
  }

  /** The owner has taken that back: the rows wait for another word. */
  putBack(device: string, rows: readonly Row[]): void {
    if (!this.setAside.has(device)) this.setAside.set(device, [...rows]);
  }

  /** The running hour is given up: it would be judged by the half of it under the new address. */
  move(from: string, to: string): void {
    this.devices.delete(from);
    renameKey(this.setAside, from, to);
  }

  forget(device: string): void {
    this.devices.delete(device);
    this.setAside.delete(device);
  }
}
