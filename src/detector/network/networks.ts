/** The two networks of a house as gauges of its engine; either may be left out. */

import { FlowAutoencoderScorer } from './flow-autoencoder-scorer.ts';
import type { NetworkTrainer } from './network-trainer.ts';
import { PacketForecastScorer } from './packet-forecast-scorer.ts';

export class Networks {
  readonly connections: FlowAutoencoderScorer | null;
  readonly packets: PacketForecastScorer | null;

  constructor(teacher: NetworkTrainer, without: ReadonlySet<string>) {
    this.connections = without.has('autoencoder') ? null : new FlowAutoencoderScorer(teacher);
    this.packets = without.has('forecaster') ? null : new PacketForecastScorer(teacher);
  }

  begin(): void {
    this.connections?.begin();
    this.packets?.begin();
  }

  move(from: string, to: string): void {
    this.connections?.schooling.move(from, to);
    this.packets?.schooling.move(from, to);
  }

  forget(device: string): void {
    this.connections?.schooling.forget(device);
    this.packets?.schooling.forget(device);
  }

  save(): unknown {
    return {
      connections: this.connections?.schooling.save() ?? null,
      packets: this.packets?.schooling.save() ?? null,
    };
  }

  load(state: unknown): void {
    const { connections, packets } = state as { connections: unknown; packets: unknown };
    if (connections) this.connections?.load(connections);
    if (packets) this.packets?.load(packets);
  }
}
