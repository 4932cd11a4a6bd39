/** Between the gauges, which gather lessons, and whoever trains networks on them. */
import type { Engine } from '../../nn/engine.ts';
import type { Network } from './network.ts';
import type { Schooling } from './schooling.ts';

export interface NetworkGauge {
  readonly schooling: Schooling;
  /** Puts a network that was trained on its lessons into service. */
  adopt(network: Network): void;
}

/** Trains networks; it may take its time, in another thread. */
export interface Teacher {
  /** What runs the networks. */
  readonly numerics: Engine;
  /** Takes the lessons of the gauge now, and calls its `adopt` now or later. */
  teach(gauge: NetworkGauge): void;
}
