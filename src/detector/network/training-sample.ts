/**
 * What a network will be trained on: a bounded sample of benign sequences, of which every device has its share. A
 * device that says much cannot crowd out one that says little.
 */
import { Xorshift32 } from '../density/xorshift.ts';
import { getOrCreate, renameKey } from '../keyed.ts';

interface Share {
  sequences: Float32Array[];
  seen: number;
}

export class TrainingSample {
  private readonly capacity: number;
  private readonly devices = new Map<string, Share>();
  private count = 0;
  private readonly random = new Xorshift32(0x6a09e667);
  /** Sequences that were offered in all. */
  seen = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Takes the sequence, or not; a sequence that was taken is not to be changed any more. */
  add(device: string, sequence: Float32Array): void {
    this.seen++;
    const own = getOrCreate(this.devices, device, (): Share => ({ sequences: [], seen: 0 }));
    own.seen++;
    if (this.count < this.capacity) {
      own.sequences.push(sequence);
      this.count++;
      return;
    }
    const largest = [...this.devices.values()].reduce((a, b) => (b.sequences.length > a.sequences.length ? b : a));
    if (own.sequences.length + 1 < largest.sequences.length) {
      own.sequences.push(sequence);
      largest.sequences.splice(this.random.next() % largest.sequences.length, 1);
      return;
    }
    // Vitter's R among the device's own.
    const slot = this.random.next() % own.seen;
    if (slot < own.sequences.length) own.sequences[slot] = sequence;
  }

  move(from: string, to: string): void {
    const [own, other] = [this.devices.get(from), this.devices.get(to)];
    if (own && other) {
      own.sequences.push(...other.sequences);
      own.seen += other.seen;
    }
    renameKey(this.devices, from, to, ({ seen }) => seen);
  }

  forget(device: string): void {
    this.count -= this.devices.get(device)?.sequences.length ?? 0;
    this.devices.delete(device);
  }

  /** All sequences, device by device. */
  all(): Float32Array[] {
    return [...this.devices.values()].flatMap(({ sequences }) => sequences);
  }
}
