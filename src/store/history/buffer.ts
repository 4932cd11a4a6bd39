/**
 * What waits to be written to the history. A write every few seconds spares an SD card; where the disk is full or slow,
 * what waits is bounded, and what there was no room for is counted.
 */
import { AppError } from '../../errors.ts';
import type { FlowHistory, FlowMark, FlowRecord } from './flow.ts';

export interface HistoryBufferOptions {
  history: Pick<FlowHistory, 'add'>;
  /** Connections that were not kept since it was told last, and why. */
  onLost: (count: number, reason: string) => void;
  everyMs?: number;
  /** Connections that may wait. */
  most?: number;
}

const EVERY_MS = 5_000;
const MOST = 50_000;
/** Connections of one transaction: those that read do not wait for it, those that write do. */
const AT_A_TIME = 2_000;
/** That some are lost is told so often. */
const TOLD_EVERY_MS = 60_000;

export class HistoryBuffer {
  readonly #options: HistoryBufferOptions;
  readonly #most: number;
  #flows: FlowRecord[] = [];
  #marks: FlowMark[] = [];
  #lost = 0;
  #reason = 'they came faster than they could be written';
  #toldAt = Number.NEGATIVE_INFINITY;
  #writing: Promise<void> | null = null;
  readonly #timer: NodeJS.Timeout;

  constructor(options: HistoryBufferOptions) {
    this.#options = options;
    this.#most = options.most ?? MOST;
    this.#timer = setInterval(() => void this.flush(), options.everyMs ?? EVERY_MS);
    this.#timer.unref();
  }

  put(flows: readonly FlowRecord[], marks: readonly FlowMark[], lost = 0): void {
    const room = Math.max(0, this.#most - this.#flows.length);
    this.#flows.push(...flows.slice(0, room));
    if (this.#marks.length < this.#most) this.#marks.push(...marks);
    this.#lost += lost + Math.max(0, flows.length - room);
  }

  /** Writes what waits. What cannot be written now goes on waiting. */
  flush(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null;
    });
    return this.#writing;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
    await this.flush();
  }

  async #write(): Promise<void> {
    this.#tellLost();
    while (this.#flows.length > 0 || this.#marks.length > 0) {
      const flows = this.#flows.slice(0, AT_A_TIME);
      // A mark is of a connection that came before it, or with it.
      const marks = flows.length === this.#flows.length ? this.#marks.slice() : [];
      try {
        await this.#options.history.add(flows, marks);
      } catch (error) {
        this.#reason = (error as Error).message.replace(/\.$/, '');
        if (error instanceof AppError) return;
        // What no history can take must not keep out what comes after it.
        this.#lost += flows.length;
      }
      this.#flows.splice(0, flows.length);
      this.#marks.splice(0, marks.length);
    }
  }

  #tellLost(): void {
    const now = performance.now();
    if (this.#lost === 0 || now - this.#toldAt < TOLD_EVERY_MS) return;
    this.#options.onLost(this.#lost, this.#reason);
    [this.#lost, this.#toldAt] = [0, now];
  }
}
