/**
 * A network and how it came about: lessons are gathered while benign traffic passes, a network is due when they have
 * grown enough, a teacher trains it and hands it back. Scores of benign traffic are calibrated as they come, always
 * from a network that has not seen it.
 */
import { Calibrations, type SavedCalibrations } from './calibrations.ts';
import type { Network, NetworkPlan } from './network.ts';
import { packNetwork, type SavedNetwork, unpackNetwork } from './pack.ts';
import { TrainingSample } from './training-sample.ts';

/** Sequences that make a first lesson. */
const FIRST = 64;
/** The next lesson is due when this many times as much was seen. */
const GROWTH = 3;

interface SavedSchooling {
  network: SavedNetwork | null;
  calibrations: SavedCalibrations;
  seen: number;
}

export class TrainedNetwork {
  readonly plan: NetworkPlan;
  readonly calibrations = new Calibrations();
  network: Network | null = null;
  private readonly lessons: TrainingSample;
  /** Sequences that had been seen when it was last taught. */
  private taught = 0;

  constructor(plan: NetworkPlan) {
    this.plan = plan;
    this.lessons = new TrainingSample(plan.capacity);
  }

  /** A benign sequence [T + ahead, F] of a device, not to be changed any more; whether it makes the next lesson due. */
  offer(device: string, sequence: Float32Array): boolean {
    this.lessons.add(device, sequence);
    return this.lessons.seen >= Math.max(FIRST, this.taught * GROWTH);
  }

  move(from: string, to: string): void {
    this.lessons.move(from, to);
    this.calibrations.move(from, to);
  }

  forget(device: string): void {
    this.lessons.forget(device);
    this.calibrations.forget(device);
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
