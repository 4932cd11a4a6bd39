/** The two networks of a house as gauges of its engine. */
import { RhythmGauge } from './rhythm-gauge.ts';
import { SequenceGauge } from './sequence-gauge.ts';
import type { Teacher } from './teacher.ts';

export class Networks {
  readonly connections: SequenceGauge;
  readonly packets: RhythmGauge;

  constructor(teacher: Teacher) {
    this.connections = new SequenceGauge(teacher);
    this.packets = new RhythmGauge(teacher);
  }

  begin(): void {
    this.connections.begin();
    this.packets.begin();
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
