/** The moving part: what waits, until when, and the loop that hands it to the channels. */
import type { Clock } from '../../clock.ts';
import { composeSummary, type MessageType } from '../message/message.ts';
import type { Brief } from '../message/subject.ts';
import type { Timers } from '../transport/timers.ts';
import type { ChannelSet } from './channel-set.ts';
import { type Delivery, fromHeldRow, fromRow, newDelivery } from './delivery.ts';
import { HeldAlerts, type HeldGroup, type HoldReason } from './held-alerts.ts';
import type { OutboxState } from './outbox.ts';
import type { OutboxWriter } from './outbox-writer.ts';

/** However far off the next thing is, look again by then: the wall clock may have been set. */
const LONGEST_SLEEP_MS = 30_000;
/** A difference between the two clocks beyond this is a step, not drift. */
const CLOCK_STEP_MS = 5000;
/** How long a decision waits for the disk before it is acted upon all the same. */
const DISK_PATIENCE_MS = 1000;

const titles: Record<HoldReason, string> = {
  quiet: 'While it was quiet',
  digest: 'Digest',
  storm: 'Many alerts at once',
};

export interface DispatcherOptions {
  channels: ChannelSet;
  journal: OutboxWriter;
  clock: Clock;
  timers: Timers;
  timeZone: () => string;
}

export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #held = new HeldAlerts();
  #running = false;
  #cancelSleep = (): void => {};
  #last = { now: 0, monotonic: 0 };

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Goes on with what an earlier run left. */
  async start(state: OutboxState): Promise<void> {
    const { clock, channels } = this.#options;
    this.#held.restore(state.held.map(fromHeldRow));
    this.takeUp(state.deliveries.map(fromRow));
    this.#last = { now: clock.now(), monotonic: clock.monotonic() };
    this.#running = true;
    channels.start();
    await this.settle();
  }

  /** Takes what an earlier run or other settings of a channel have left. */
  takeUp(deliveries: Delivery[]): void {
    for (const delivery of deliveries) {
      // Whatever was wrong may be mended: only what is planned for later waits on.
      if (!delivery.escalates) delivery.due = Math.min(delivery.due, this.#options.clock.now());
      this.enqueue(delivery);
    }
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#cancelSleep();
    await Promise.all([...this.#options.channels.queues.values()].map((queue) => queue.stop()));
    await this.#options.journal.flush();
    this.#options.journal.stop();
  }

  /** Hands it to its channel, or to the dead letters where the channel is gone. */
  enqueue(delivery: Delivery): void {
    const { channels, journal, clock } = this.#options;
    const queue = channels.queues.get(delivery.channel);
    if (queue) queue.add(delivery);
    else {
      delivery.status = 'dead';
      delivery.ended = clock.now();
      const error = { code: 'channel_not_found', message: 'The channel was removed or switched off.' };
      delivery.log = [...delivery.log, { ts: delivery.ended, seconds: 0, error }];
    }
    journal.delivery(delivery);
  }

  /** Keeps it until `due`, to be told with others; returns the id of the delivery that will tell it. */
  hold(channel: string, reason: HoldReason, due: number, brief: Brief): string {
    const entry = this.#held.add(channel, reason, due, brief);
    this.#options.journal.hold(entry);
    return entry.delivery;
  }

  /**
   * What waits on a channel to say the same about an alert is called off, before something newer is enqueued there.
   * Returns when each would have left.
   */
  replace(channel: string, alert: string, type: MessageType): number[] {
    if (type === 'alert') this.#options.journal.release(this.#held.replace(channel, alert));
    const old = this.#options.channels.queues.get(channel)?.replace(alert, type) ?? [];
    return old.map(({ due }) => due);
  }

  heldFor(channel: string): number {
    return this.#held.count(channel);
  }

  forget(address: string): void {
    this.#held.forget(address);
    for (const queue of this.#options.channels.queues.values()) queue.forget(address);
  }

  /** The disk first, so that a crash repeats a message under the same id; but a disk that hangs holds up nobody. */
  async settle(): Promise<void> {
    const { timers, journal } = this.#options;
    const patience = Promise.withResolvers<void>();
    const cancel = timers.after(DISK_PATIENCE_MS, patience.resolve);
    await Promise.race([journal.flush(), patience.promise]);
    cancel();
    this.run();
  }

  /** Does everything that is due, then sleeps until something is. */
  run(): void {
    if (!this.#running) return;
    const { channels, clock, timers } = this.#options;
    const { queues } = channels;
    this.#cancelSleep();
    this.#followClock();
    for (const group of this.#held.takeDue(clock.now())) this.#release(group);
    for (const queue of queues.values()) queue.run();
    const next = [this.#held.nextDue(), ...[...queues.values()].map((queue) => queue.nextDue())];
    const soonest = Math.min(...next.filter((due) => due !== null)) - clock.now();
    const wait = Math.min(LONGEST_SLEEP_MS, Math.max(0, soonest));
    this.#cancelSleep = timers.after(wait, () => this.run());
  }

  #release({ channel, reason, delivery: id, entries }: HeldGroup): void {
    const { clock, timeZone, journal } = this.#options;
    const now = clock.now();
    const briefs = entries.map(({ brief }) => brief);
    const message = composeSummary(briefs, titles[reason], { id, now, timeZone: timeZone() });
    journal.release(entries.map((entry) => entry.id));
    this.enqueue(newDelivery(channel, message, now));
    void journal.flush();
  }

  #followClock(): void {
    const { clock, channels } = this.#options;
    const current = { now: clock.now(), monotonic: clock.monotonic() };
    const step = current.now - this.#last.now - (current.monotonic - this.#last.monotonic);
    this.#last = current;
    if (Math.abs(step) > CLOCK_STEP_MS) for (const queue of channels.queues.values()) queue.shift(step);
  }
}
