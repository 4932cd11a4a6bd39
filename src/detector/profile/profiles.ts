/** The profile of each device and of the whole house; a device without a past of its own is judged by the house's. */

import type { Category } from '../density/neighbours.ts';
import { type Oddity, Profile, type ProfileOptions, type SavedProfile } from '../density/profile.ts';
import { getOrCreate, renameKey } from '../keyed.ts';
import { AcceptedRows, type SavedAcceptedRows } from './accepted-rows.ts';
import { HourSample, type HourVerdict, type Row } from './hour-sample.ts';

/** Points from which on a device's own past says more than the house's. */
const OWN_PAST = 100;
const MOST_DEVICES = 1024;

export interface SavedProfiles {
  house: SavedProfile;
  devices: [string, SavedProfile][];
  /** Missing in states of before 0.1.0. */
  accepted?: SavedAcceptedRows;
}

export class Profiles {
  private readonly options: ProfileOptions;
  private readonly house: Profile;
  private readonly devices = new Map<string, Profile>();
  private readonly rehearsal = new HourSample();
  private readonly accepted = new AcceptedRows();

  constructor(options: ProfileOptions) {
    this.options = options;
    this.house = new Profile(options);
  }

  /** What was surprising about the point before it was learned. */
  learn(device: string, vector: Float32Array, categories: readonly Category[]): number {
    const house = this.house.learn(vector, categories);
    if (this.devices.size >= MOST_DEVICES && !this.devices.has(device)) return house;
    const own = getOrCreate(this.devices, device, () => new Profile(this.options));
    const surprise = own.learn(vector, categories);
    return own.learned > OWN_PAST ? surprise : house;
  }

  surprise(device: string, vector: Float32Array, categories: readonly Category[]): number {
    this.rehearsal.add(device, vector, categories);
    return this.profileOf(device).surprise(vector, categories);
  }

  /** An hour of the device is over: what it did becomes past, as far as the verdict allows. */
  endHour(device: string, verdict: HourVerdict): void {
    this.absorb(device, this.rehearsal.end(device, verdict));
  }

  /** Points learned of a device. */
  learned(device: string): number {
    return this.devices.get(device)?.learned ?? 0;
  }

  /** What stands out in a point, most unusual first. */
  explain(device: string, vector: Float32Array, categories: readonly Category[]): Oddity[] {
    return this.profileOf(device).explain(vector, categories);
  }

  /** Usual range of a number, of all that the device does; null where nothing was learned. */
  usual(device: string, index: number): readonly [number, number] | null {
    return this.profileOf(device).usual(index);
  }

  /** Share of the device's past of which a test is true. */
  share(device: string, test: (vector: Float32Array) => boolean): number {
    return this.profileOf(device).share(test);
  }

  /** Whether the device is judged by its own past, not by that of the house. */
  hasOwn(device: string): boolean {
    return this.profileOf(device) !== this.house;
  }

  /** The owner says that what was called out is expected; `word` is the id of that. Gives the number of points learned. */
  accept(device: string, word: string): number {
    const rows = this.rehearsal.accept(device);
    this.absorb(device, rows);
    this.accepted.add(word, { device, rows });
    return rows.length;
  }

  /** Words that can be taken back. */
  get words(): string[] {
    return this.accepted.words;
  }

  /** The owner takes the word back: what was learned by it is no past any more. */
  revoke(word: string): void {
    const lesson = this.accepted.take(word);
    if (!lesson) return;
    const { device, rows } = lesson;
    // Backwards: each finds the point that it was merged with.
    for (const { vector, categories } of rows.toReversed()) {
      this.house.release(vector, categories);
      this.devices.get(device)?.release(vector, categories);
    }
    this.rehearsal.putBack(device, rows);
  }

  /** The device has another address. Two pasts have two calibrations, which do not add up: the richer one stays. */
  move(from: string, to: string): void {
    renameKey(this.devices, from, to, ({ learned }) => learned);
    this.rehearsal.move(from, to);
    this.accepted.move(from, to);
  }

  /** A rare category has another name, for everybody. */
  rename(from: Category, to: Category): void {
    for (const profile of [this.house, ...this.devices.values()]) profile.rename(from, to);
  }

  forget(device: string): void {
    this.devices.delete(device);
    this.rehearsal.forget(device);
    this.accepted.forget(device);
  }

  private absorb(device: string, rows: readonly Row[]): void {
    for (const { vector, categories } of rows) {
      this.house.absorb(vector, categories);
      this.devices.get(device)?.absorb(vector, categories);
    }
  }

  private profileOf(device: string): Profile {
    const own = this.devices.get(device);
    return own && own.learned >= OWN_PAST ? own : this.house;
  }

  save(): SavedProfiles {
    return {
      house: this.house.save(),
      devices: [...this.devices].map(([name, profile]) => [name, profile.save()]),
      accepted: this.accepted.save(),
    };
  }

  load({ house, devices, accepted = [] }: SavedProfiles): void {
    this.accepted.load(accepted);
    this.house.load(house);
    this.devices.clear();
    for (const [name, saved] of devices) {
      const profile = new Profile(this.options);
      profile.load(saved);
      this.devices.set(name, profile);
    }
  }
}
