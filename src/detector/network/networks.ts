/** The two networks of a house as gauges of its engine; either may be left out. */
import { RhythmGauge } from './rhythm-gauge.ts';
import { SequenceGauge } from './sequence-gauge.ts';
import type { Teacher } from './teacher.ts';

export class Networks {
  readonly connections: SequenceGauge | null;
  readonly packets: RhythmGauge | null;

  constructor(teacher: Teacher, without: ReadonlySet<string>) {
    this.connections = without.has('autoencoder') ? null : new SequenceGauge(teacher);
    this.packets = without.has('forecaster') ? null : new RhythmGauge(teacher);
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
