/**
 * Discrete-event simulation with coroutines: a process is a generator that yields how long it sleeps (microseconds)
 * and sends frames in between. The simulation wakes the processes in time order, so frames leave in time order and
 * none has to be kept: a day of a home needs no more memory than a minute.
 */
export type Process<T = void> = Generator<number, T, void>;

/** Microseconds. */
export const MILLISECOND = 1000;
export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 3600 * SECOND;
export const DAY = 24 * HOUR;

/** What a frame is for: the truth that goes into the label file. */
export interface Tag {
  readonly label: 'benign' | 'malicious';
  /** Attack variant such as `scan-telnet`; `-` for ordinary traffic. */
  readonly detail: string;
  /** The device whose doing it is. */
  readonly device: string;
  /** Told of every frame sent under this tag. */
  readonly onFrame?: (ts: number) => void;
}

export interface Frame {
  /** Microseconds since 1970 UTC. */
  ts: number;
  /** An Ethernet frame without its checksum. The bytes stay valid, but share a larger buffer. */
  data: Uint8Array;
  tag: Tag;
}

interface Task {
  at: number;
  order: number;
  process: Process;
  owner: object;
  generation: number;
}

/** Sees every frame before it is recorded; may change it, or return false to swallow it. */
export type Interceptor = (data: Uint8Array, tag: Tag) => boolean;

export class Simulation {
  /** Microseconds since 1970 UTC. */
  now: number;
  readonly interceptors = new Set<Interceptor>();
  readonly #heap: Task[] = [];
  readonly #generations = new WeakMap<object, number>();
  #order = 0;
  #lastTs = 0;
  #sent: Frame[] = [];

  constructor(start: number) {
    this.now = start;
  }

  /** Starts a process `delay` microseconds from now. Its owner can stop it. */
  spawn(owner: object, process: Process, delay = 0): void {
    this.#push({
      at: this.now + Math.round(delay),
      order: this.#order++,
      process,
      owner,
      generation: this.#generations.get(owner) ?? 0,
    });
  }

  /** Ends every process of this owner where it stands, as when the device loses power. */
  stop(owner: object): void {
    this.#generations.set(owner, (this.#generations.get(owner) ?? 0) + 1);
  }

  send(data: Uint8Array, tag: Tag): void {
    for (const intercept of this.interceptors) if (!intercept(data, tag)) return;
    // No two frames at once: the link needs 8 ns per byte (1 Gbit/s).
    const ts = Math.max(Math.round(this.now), this.#lastTs + 1 + ((data.length * 8) >> 10));
    this.#lastTs = ts;
    this.#sent.push({ ts, data, tag });
    tag.onFrame?.(ts);
  }

  /** Runs until `end` (microseconds since 1970) and yields each frame as it is sent. */
  *run(end: number): Generator<Frame, void, void> {
    for (let task = this.#pop(); task !== undefined && task.at < end; task = this.#pop()) {
      if (task.generation !== (this.#generations.get(task.owner) ?? 0)) continue;
      this.now = task.at;
      const step = task.process.next();
      if (!step.done) {
        // Rounded up: whoever waits for a time between two microseconds must find it passed when it wakes.
        task.at = this.now + Math.max(0, Math.ceil(step.value));
        task.order = this.#order++;
        this.#push(task);
      }
      if (this.#sent.length > 0) {
        const sent = this.#sent;
        this.#sent = [];
        yield* sent;
      }
    }
  }

  #push(task: Task): void {
    const heap = this.#heap;
    let i = heap.length;
    heap.push(task);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(task, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = task;
  }

  #pop(): Task | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}

function before(a: Task, b: Task): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
