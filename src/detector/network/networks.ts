/** The two networks of a house as gauges of its engine; either may be left out. */
import { FlowAutoencoderScorer } from './flow-autoencoder-scorer.ts';
import type { NetworkTrainer } from './network-trainer.ts';
import { PacketForecastScorer } from './packet-forecast-scorer.ts';
import type { SavedTrainedNetwork } from './trained-network.ts';

/** On disk each goes by what it looks at. */
export interface SavedNetworks {
  connections: SavedTrainedNetwork | null;
  packets: SavedTrainedNetwork | null;
}

export class Networks {
  readonly autoencoder: FlowAutoencoderScorer | null;
  readonly forecaster: PacketForecastScorer | null;

  constructor(trainer: NetworkTrainer, without: ReadonlySet<string>) {
    this.autoencoder = without.has('autoencoder') ? null : new FlowAutoencoderScorer(trainer);
    this.forecaster = without.has('forecaster') ? null : new PacketForecastScorer(trainer);
  }

  begin(): void {
    this.autoencoder?.begin();
    this.forecaster?.begin();
  }

  move(from: string, to: string): void {
    this.autoencoder?.trained.move(from, to);
    this.forecaster?.trained.move(from, to);
  }

  forget(device: string): void {
    this.autoencoder?.trained.forget(device);
    this.forecaster?.trained.forget(device);
  }

  save(): SavedNetworks {
    return {
      connections: this.autoencoder?.trained.save() ?? null,
      packets: this.forecaster?.trained.save() ?? null,
    };
  }

  load({ connections, packets }: SavedNetworks): void {
    if (connections) this.autoencoder?.load(connections);
    if (packets) this.forecaster?.load(packets);
  }
}
