/** Base of the scorers over profiles: what the owner says about a device, and what is saved, is alike for all of them. */
import type { ProfileOptions } from '../density/profile.ts';
import type { HourVerdict } from './hour-sample.ts';
import { Profiles, type SavedProfiles } from './profiles.ts';

export abstract class ProfileScorer {
  protected readonly profiles: Profiles;

  constructor(options: ProfileOptions) {
    this.profiles = new Profiles(options);
  }

  /** Usual range of a number among all that the device does. */
  usual(device: string, index: number): readonly [number, number] | null {
    return this.profiles.usual(device, index);
  }

  hasOwn(device: string): boolean {
    return this.profiles.hasOwn(device);
  }

  endHour(device: string, verdict: HourVerdict): void {
    this.profiles.endHour(device, verdict);
  }

  accept(device: string, word: string): number {
    return this.profiles.accept(device, word);
  }

  get words(): string[] {
    return this.profiles.words;
  }

  revoke(word: string): void {
    this.profiles.revoke(word);
  }

  move(from: string, to: string): void {
    this.profiles.move(from, to);
  }

  forget(device: string): void {
    this.profiles.forget(device);
  }

  save(): SavedProfiles {
    return this.profiles.save();
  }

  load(state: SavedProfiles): void {
    this.profiles.load(state);
  }
}
