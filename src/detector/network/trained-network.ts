/**
 * A network and how it came about: sequences are gathered while benign traffic passes, a training is due when they have
 * grown enough, a trainer trains the network and hands it back. Scores of benign traffic are calibrated as they come, always
 * from a network that has not seen it.
 */
import { Calibrations, type SavedCalibrations } from './calibrations.ts';
import type { Network, NetworkPlan } from './network.ts';
import { packNetwork, type SavedNetwork, unpackNetwork } from './pack.ts';
import { TrainingSample } from './training-sample.ts';

/** Sequences that make a first training. */
const FIRST = 64;
/** The next training is due when this many times as much was seen. */
const GROWTH = 3;

export interface SavedTrainedNetwork {
  network: SavedNetwork | null;
  calibrations: SavedCalibrations;
  seen: number;
}

export class TrainedNetwork {
  readonly plan: NetworkPlan;
  readonly calibrations = new Calibrations();
  network: Network | null = null;
  private readonly sample: TrainingSample;
  /** Sequences that had been seen when it was last trained. */
  private trainedOn = 0;

  constructor(plan: NetworkPlan) {
    this.plan = plan;
    this.sample = new TrainingSample(plan.capacity);
  }

  /** A benign sequence [T + ahead, F] of a device, not to be changed any more; whether it makes the next training due. */
  offer(device: string, sequence: Float32Array): boolean {
    this.sample.add(device, sequence);
    return this.sample.seen >= Math.max(FIRST, this.trainedOn * GROWTH);
  }

  move(from: string, to: string): void {
    this.sample.move(from, to);
    this.calibrations.move(from, to);
  }

  forget(device: string): void {
    this.sample.forget(device);
    this.calibrations.forget(device);
  }

  /** What to train on now. */
  take(): Float32Array[] {
    this.trainedOn = this.sample.seen;
    return this.sample.all();
  }

  save(): SavedTrainedNetwork {
    return {
      network: this.network && packNetwork(this.network),
      calibrations: this.calibrations.save(),
      seen: this.trainedOn,
    };
  }

  load({ network, calibrations, seen }: SavedTrainedNetwork): void {
    this.network = network && unpackNetwork(this.plan, network);
    this.calibrations.load(calibrations);
    this.trainedOn = seen;
    this.sample.seen = seen;
  }
}
