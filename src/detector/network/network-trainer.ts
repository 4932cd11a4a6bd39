/** Between the scorers, which gather sequences, and whoever trains networks on them. */
import type { Engine } from '../../nn/engine.ts';
import type { Network } from './network.ts';
import type { TrainedNetwork } from './trained-network.ts';

export interface NetworkScorer {
  readonly trained: TrainedNetwork;
  /** Puts a network that was trained on its sequences into service. */
  adopt(network: Network): void;
}

/** Trains networks; it may take its time, in another thread. */
export interface NetworkTrainer {
  /** What runs the networks. */
  readonly numerics: Engine;
  /** Takes the sequences of the scorer now, and calls its `adopt` now or later. */
  train(scorer: NetworkScorer): void;
}
