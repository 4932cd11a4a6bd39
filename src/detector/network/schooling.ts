/**
 * A network and how it came about: lessons are gathered while benign traffic passes, a network is due when they have
 * grown enough, whoever has a thread to spare trains it and hands it back. Scores of benign traffic are calibrated as
 * they come, always from a network that has not seen it.
 */
import { Calibrations, type SavedCalibrations } from '../calibrations.ts';
import type { HourVerdict } from '../rehearsal.ts';
import { remember } from '../remember.ts';
import { Lessons } from './lessons.ts';
import type { Network, NetworkPlan } from './network.ts';
import { packNetwork, type SavedNetwork, unpackNetwork } from './pack.ts';

/** Sequences that make a first lesson. */
const FIRST = 64;
/** The next lesson is due when this many times as much was seen; the last one, when this. */
const GROWTH = 4;
const LAST_GROWTH = 2;
/** Sequences that an hour of a device teaches at most, while it is watched. */
const HOURLY = 4;

interface SavedSchooling {
  network: SavedNetwork | null;
  calibrations: SavedCalibrations;
  seen: number;
}

export class Schooling {
  readonly plan: NetworkPlan;
  readonly calibrations = new Calibrations();
  network: Network | null = null;
  private readonly lessons: Lessons;
  /** What the running hour of a watched device may teach when it has ended quiet. */
  private readonly hour = new Map<string, Float32Array[]>();
  private taught = 0;

  constructor(plan: NetworkPlan) {
    this.plan = plan;
    this.lessons = new Lessons(plan.capacity);
  }

  /** A sequence [T + ahead, F] of a device; it is copied where it is kept. */
  offer(device: string, sequence: Float32Array, learning: boolean): void {
    if (learning) {
      this.lessons.add(device, sequence);
      return;
    }
    const own = remember(this.hour, device, (): Float32Array[] => []);
    if (own.length < HOURLY) own.push(sequence.slice());
  }

  endHour(device: string, verdict: HourVerdict): void {
    if (verdict === 'quiet') for (const sequence of this.hour.get(device) ?? []) this.lessons.add(device, sequence);
    this.hour.delete(device);
  }

  forget(device: string): void {
    this.hour.delete(device);
    this.lessons.forget(device);
    this.calibrations.forget(device);
  }

  /** Whether there is enough that no network has learned yet; `final`: all that there will be. */
  isDue(final: boolean): boolean {
    const { seen } = this.lessons;
    return seen >= FIRST && seen >= this.taught * (final ? LAST_GROWTH : GROWTH);
  }

  /** What to train on now. */
  take(): Float32Array[] {
    this.taught = this.lessons.seen;
    return this.lessons.all();
  }

  save(): SavedSchooling {
    return {
      network: this.network && packNetwork(this.network),
      calibrations: this.calibrations.save(),
      seen: this.taught,
    };
  }

  load(state: unknown): void {
    const { network, calibrations, seen } = state as SavedSchooling;
    this.network = network && unpackNetwork(this.plan, network);
    this.calibrations.load(calibrations);
    this.taught = seen;
    this.lessons.seen = seen;
  }
}
