/**
 * Sums over replicas that run in step, through shared memory. Every replica adds the parts in the order of their
 * indices, so all get the same bits, and the same bits on every run.
 */
import type { Floats } from '../nn/tensor.ts';

/** Memory that the threads of one training share. */
export interface Meeting {
  readonly count: number;
  /** DeviceEvents, generation, broken, stop wanted. */
  readonly control: Int32Array;
  /** Two rounds of one slot per replica: who writes the next round never meets who still reads this one. */
  readonly slots: Float64Array;
  readonly slotLength: number;
}

const arrivals = 0;
const generation = 1;
const broken = 2;
const stopWanted = 3;

/** `length`: the longest array that will be summed. */
export function createMeeting(count: number, length: number): Meeting {
  const shared = (bytes: number) => new SharedArrayBuffer(bytes);
  return {
    count,
    control: new Int32Array(shared(16)),
    slots: new Float64Array(shared(2 * count * length * 8)),
    slotLength: length,
  };
}

/** Ends the wait of all replicas: one of them is gone. */
export function breakMeeting({ control }: Meeting): void {
  Atomics.store(control, broken, 1);
  Atomics.add(control, generation, 1);
  Atomics.notify(control, generation);
}

/** Asks the replicas to stop after the running batch. */
export const requestStop = ({ control }: Meeting): void => void Atomics.store(control, stopWanted, 1);
export const isStopRequested = ({ control }: Meeting): boolean => Atomics.load(control, stopWanted) === 1;

/** Looks before it sleeps: a batch takes a millisecond or two, waking a thread a twentieth of that. */
const spins = 2_000;

function meet({ control, count }: Meeting): void {
  const now = Atomics.load(control, generation);
  if (Atomics.add(control, arrivals, 1) === count - 1) {
    Atomics.store(control, arrivals, 0);
    Atomics.add(control, generation, 1);
    Atomics.notify(control, generation);
  } else {
    for (let i = 0; i < spins && Atomics.load(control, generation) === now; i++);
    while (Atomics.load(control, generation) === now) Atomics.wait(control, generation, now);
  }
  if (Atomics.load(control, broken) === 1) throw new Error('Another thread of this training has failed');
}

/** The `sum` of nn's Replica; one per replica, called by all in the same order. */
export function createSum(meeting: Meeting, index: number): (values: Floats) => void {
  const { count, slots, slotLength } = meeting;
  let round = 0;
  return (values) => {
    const base = round * count * slotLength;
    round = 1 - round;
    slots.set(values, base + index * slotLength);
    meet(meeting);
    for (let i = 0; i < values.length; i++) {
      let total = 0;
      for (let r = 0, at = base + i; r < count; r++, at += slotLength) total += slots[at];
      values[i] = total;
    }
  };
}
