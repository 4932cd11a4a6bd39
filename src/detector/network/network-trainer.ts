/** Between the gauges, which gather lessons, and whoever trains networks on them. */
import type { Engine } from '../../nn/engine.ts';
import type { Network } from './network.ts';
import type { TrainedNetwork } from './trained-network.ts';

export interface NetworkScorer {
  readonly schooling: TrainedNetwork;
  /** Puts a network that was trained on its lessons into service. */
  adopt(network: Network): void;
}

/** Trains networks; it may take its time, in another thread. */
export interface NetworkTrainer {
  /** What runs the networks. */
  readonly numerics: Engine;
  /** Takes the lessons of the gauge now, and calls its `adopt` now or later. */
  teach(gauge: NetworkScorer): void;
}
