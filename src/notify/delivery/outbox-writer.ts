/**
 * Writes what changes in the notifier through to the outbox, many changes in one commit. A store that cannot write (a
 * full disk) stops nothing: the changes stay here, bounded, are tried again, and messages leave meanwhile.
 */
import type { Log } from '../../log.ts';
import type { Timers } from '../transport/timers.ts';
import { type Delivery, type Held, toHeldRow, toRow } from './delivery.ts';
import type { DecisionRow, Outbox } from './outbox.ts';

/** Unwritten changes of each sort; the oldest go first. */
const MAX_UNWRITTEN = 10_000;
const RETRY_MS = 5000;

export class OutboxWriter {
  readonly #outbox: Outbox;
  readonly #timers: Timers;
  readonly #log: Log;
  #deliveries = new Map<string, Delivery>();
  #held = new Map<string, Held>();
  #released = new Set<string>();
  #decisions: DecisionRow[] = [];
  #writing: Promise<void> | null = null;
  #failing = false;
  #cancelRetry = (): void => {};
  #stopped = false;

  constructor(outbox: Outbox, timers: Timers, log: Log) {
    this.#outbox = outbox;
    this.#timers = timers;
    this.#log = log;
  }

  delivery(delivery: Delivery): void {
    this.#deliveries.delete(delivery.id);
    this.#deliveries.set(delivery.id, delivery);
  }

  hold(held: Held): void {
    this.#held.set(held.id, held);
  }

  release(ids: Iterable<string>): void {
    for (const id of ids) {
      this.#held.delete(id);
      this.#released.add(id);
    }
  }

  decide(row: DecisionRow): void {
    this.#decisions.push(row);
  }

  /** Resolves when everything until now is written, or could not be: it never rejects. */
  async flush(): Promise<void> {
    // What ends after the end, a mail of a scan, has no outbox any more.
    if (this.#stopped) return;
    // The write that runs may have begun before the latest change; one that begins after it has everything.
    await this.#writing;
    if (!this.#writing && !this.#isEmpty()) {
      this.#writing = this.#write().finally(() => {
        this.#writing = null;
      });
    }
    await this.#writing;
  }

  /** Deliveries that the outbox does not know yet. */
  unwritten(): Delivery[] {
    return [...this.#deliveries.values()];
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelRetry();
  }

  #isEmpty(): boolean {
    return this.#deliveries.size + this.#held.size + this.#released.size + this.#decisions.length === 0;
  }

  async #write(): Promise<void> {
    this.#cancelRetry();
    const deliveries = this.#deliveries;
    const held = this.#held;
    const released = this.#released;
    const decisions = this.#decisions;
    this.#deliveries = new Map();
    this.#held = new Map();
    this.#released = new Set();
    this.#decisions = [];
    try {
      await this.#outbox.commit({
        deliveries: [...deliveries.values()].map(toRow),
        held: [...held.values()].map(toHeldRow),
        released: [...released],
        decisions,
      });
      if (this.#failing) this.#log.info('Notifications are kept on disk again');
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) {
        this.#log.error(
          { err: error },
          'Notifications cannot be kept on disk: they still leave, but a restart would lose them',
        );
      }
      this.#failing = true;
      // Behind what has changed since, which is newer.
      this.#deliveries = newest(new Map([...deliveries, ...this.#deliveries]));
      this.#held = newest(new Map([...held, ...this.#held].filter(([id]) => !this.#released.has(id))));
      this.#released = new Set([...released, ...this.#released].slice(-MAX_UNWRITTEN));
      this.#decisions = [...decisions, ...this.#decisions].slice(-MAX_UNWRITTEN);
      this.#cancelRetry = this.#timers.after(RETRY_MS, () => void this.flush());
    }
  }
}

const newest = <T>(map: Map<string, T>): Map<string, T> => new Map([...map].slice(-MAX_UNWRITTEN));
