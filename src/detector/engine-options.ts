/** What an engine is made with. */
import type { Host } from '../feature/host.ts';
import type { BlockLists } from './behaviour/reach/block-list.ts';
import type { Report } from './finding.ts';
import type { NetworkTrainer } from './network/network-trainer.ts';

/** What may be left out, for measurements. */
export const engineParts = ['novelty', 'behaviours', 'profiles', 'networks', 'autoencoder', 'forecaster'] as const;
export type EnginePart = (typeof engineParts)[number];

export interface EngineOptions {
  /** False alarms a week that the owner accepts. */
  budget?: number;
  without?: ReadonlySet<EnginePart>;
  /** The owner's own; exchange `lists` when a file changes. */
  blockLists?: BlockLists;
  /** Seconds that a device which comes later is given to become known; 0: it is judged by the house from the first. */
  warmUp?: number;
  /** Who trains the networks; without one there are none. */
  trainer?: NetworkTrainer;
  report?: Report;
  /** While it watches: nats of surprise of the device at every packet (its channel's of late) and every connection. */
  onScore?: (device: Host, nats: number) => void;
}
