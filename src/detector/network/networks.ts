/** The two networks of a house as gauges of its engine. */
import type { Engine } from '../../nn/engine.ts';
import type { HourVerdict } from '../rehearsal.ts';
import type { Network } from './network.ts';
import { RhythmGauge } from './rhythm-gauge.ts';
import type { Schooling } from './schooling.ts';
import { SequenceGauge } from './sequence-gauge.ts';

export interface NetworkGauge {
  readonly schooling: Schooling;
  /** Puts a network that was trained on its lessons into service. */
  adopt(network: Network): void;
}

export class Networks {
  readonly connections: SequenceGauge;
  readonly packets: RhythmGauge;

  constructor(engine: Engine) {
    this.connections = new SequenceGauge(engine);
    this.packets = new RhythmGauge(engine);
  }

  get all(): NetworkGauge[] {
    return [this.connections, this.packets];
  }

  begin(): void {
    this.connections.begin();
    this.packets.begin();
  }

  endHour(device: string, verdict: HourVerdict): void {
    this.connections.endHour(device, verdict);
    this.packets.endHour(device, verdict);
  }

  forget(device: string): void {
    this.connections.schooling.forget(device);
    this.packets.schooling.forget(device);
  }

  save(): unknown {
    return { connections: this.connections.schooling.save(), packets: this.packets.schooling.save() };
  }

  load(state: unknown): void {
    const { connections, packets } = state as { connections: unknown; packets: unknown };
    this.connections.load(connections);
    this.packets.load(packets);
  }
}
