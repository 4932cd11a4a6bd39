/** What waits for one channel, delivered one at a time; nothing that it does or fails to do touches another channel. */

import type { Channel } from '../channel/define-channel.ts';
import type { MessageType } from '../message/message.ts';
import { type AttemptTools, attempt, type Failure } from '../transport/attempt.ts';
import { LONGEST_PAUSE_MS, MAX_ATTEMPTS, pauseAfter } from '../transport/retry.ts';
import { type Attempt, addAttempt, byUrgency, type Delivery, REPLACED } from './delivery.ts';

const MAX_WAITING = 1000;
/** What could not be told within two days is no news any more. */
const MAX_AGE_MS = 48 * 3_600_000;

/** Times in milliseconds since 1970 UTC. */
export interface ChannelFailure {
  since: number;
  code: string;
  message: string;
  hint: string;
  nextAttempt: number;
}

export interface QueueStatus {
  waiting: number;
  /** Null while no attempt is under way. */
  sendingSince: number | null;
  /** Null while it works. */
  failing: ChannelFailure | null;
}

export interface ChannelQueueOptions extends AttemptTools {
  name: string;
  channel: Channel;
  random: () => number;
  /** A delivery of this channel has changed. */
  onChange: (delivery: Delivery) => void;
  /** An attempt is over: look what is due next. */
  onIdle: () => void;
}

export class ChannelQueue {
  readonly name: string;
  readonly channel: Channel;
  readonly #options: ChannelQueueOptions;
  #waiting: Delivery[] = [];
  #busy: Promise<void> | null = null;
  #stop = new AbortController();
  readonly #forgotten = new WeakSet<Delivery>();
  /** Failed attempts in a row, of whatever message, and until when the channel rests after them. */
  #failures = 0;
  #restsUntil = 0;
  #lastFailure: Failure | null = null;
  #failingSince = 0;
  #sendingSince: number | null = null;
  #paused = false;

  constructor(options: ChannelQueueOptions) {
    this.name = options.name;
    this.channel = options.channel;
    this.#options = options;
  }

  add(delivery: Delivery): void {
    this.#waiting.push(delivery);
    if (this.#waiting.length <= MAX_WAITING) return;
    const last = this.#waiting.toSorted(byUrgency).at(-1)!;
    this.#remove(last);
    this.bury(last, 'queue_full', `More than ${MAX_WAITING} messages waited for this channel.`);
  }

  /** Makes a dead letter of it. */
  bury(delivery: Delivery, code: string, message: string): void {
    this.#note(delivery, code, message);
    this.#end(delivery, 'dead');
  }

  /** Calls off what waits to say the same about this alert: something newer takes its place. */
  replace(alert: string, type: MessageType): Delivery[] {
    const old = this.#waiting.filter(({ message }) => message.type === type && message.alert?.id === alert);
    for (const delivery of old) {
      this.#remove(delivery);
      this.#note(delivery, REPLACED, 'It was replaced by a newer one.');
      this.#end(delivery, 'cancelled');
    }
    return old;
  }

  /** Calls off what `matches` and was not sent yet. */
  cancel(matches: (delivery: Delivery) => boolean): Delivery[] {
    const off = this.#waiting.filter(matches);
    for (const delivery of off) {
      this.#remove(delivery);
      this.#end(delivery, 'cancelled');
    }
    return off;
  }

  /** Drops what speaks of this device alone, an attempt under way included: nothing of it is written any more. */
  forget(address: string): void {
    for (const delivery of this.#waiting.filter(({ addresses }) => addresses.every((one) => one === address))) {
      if (delivery.addresses.length === 0) continue;
      this.#remove(delivery);
      this.#forgotten.add(delivery);
    }
  }

  /** When there is something to do next, in milliseconds since 1970; null while an attempt runs or nothing waits. */
  nextDue(): number | null {
    if (this.#busy || this.#paused || this.#waiting.length === 0) return null;
    return Math.max(this.#restsUntil, Math.min(...this.#waiting.map(({ due }) => due)));
  }

  /** Starts an attempt where one is due. */
  run(): void {
    const now = this.#options.clock.now();
    if (this.#busy || this.#paused || this.#stop.signal.aborted || now < this.#restsUntil) return;
    for (const old of this.#waiting.filter(({ created, due }) => due <= now && now - created > MAX_AGE_MS)) {
      this.#remove(old);
      this.bury(old, 'too_old', 'It could not be delivered within two days.');
    }
    const [first] = this.#waiting.filter(({ due }) => due <= now).sort(byUrgency);
    if (!first) return;
    this.#busy = this.#deliver(first).finally(() => {
      this.#busy = null;
      this.#options.onIdle();
    });
  }

  /** The wall clock was set by so much: waiting is a duration, so it moves along. */
  shift(step: number): void {
    this.#restsUntil += step;
    for (const delivery of this.#waiting) delivery.due += step;
  }

  status(): QueueStatus {
    const state = { waiting: this.#waiting.length, sendingSince: this.#sendingSince };
    if (!this.#lastFailure) return { ...state, failing: null };
    const { code, message, hint } = this.#lastFailure;
    const failing = { since: this.#failingSince, code, message, hint, nextAttempt: this.#restsUntil };
    return { ...state, failing };
  }

  /** It has been seen to work: what waits need not wait for the next attempt. */
  recover(): void {
    if (!this.#lastFailure) return;
    const now = this.#options.clock.now();
    for (const delivery of this.#waiting) if (delivery.attempts > 0) delivery.due = Math.min(delivery.due, now);
    this.#works();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  /** Stops for good, and gives what waits. */
  async retire(): Promise<Delivery[]> {
    await this.stop();
    return this.#waiting;
  }

  /** Ends the attempt under way; its delivery waits on, for the next start. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#busy;
    await this.channel.stop?.();
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { name, channel, clock, random } = this.#options;
    const ts = clock.now();
    this.#sendingSince = ts;
    const { seconds, failure } = await attempt(
      `Channel "${name}"`,
      (signal) => channel.send(delivery.message, signal),
      this.#options,
      this.#stop.signal,
    );
    this.#sendingSince = null;
    if (failure && this.#stop.signal.aborted) return;
    const error: Attempt['error'] = failure && { code: failure.code, message: failure.message, hint: failure.hint };
    // Called off while it was on its way: unless it has come through all the same, its log has ended.
    const gone = !this.#waiting.includes(delivery);
    if (!gone || !failure) addAttempt(delivery, { ts, seconds, error });
    if (!failure) {
      this.#works();
      this.#remove(delivery);
      this.#end(delivery, 'delivered');
      return;
    }
    if (failure.blame === 'message' || delivery.attempts >= MAX_ATTEMPTS) {
      this.#remove(delivery);
      if (!gone) this.#end(delivery, 'dead');
      return;
    }
    if (this.#failures === 0) this.#failingSince = ts;
    this.#failures++;
    this.#lastFailure = failure;
    const pause =
      failure.blame === 'settings' ? LONGEST_PAUSE_MS : pauseAfter(this.#failures, failure.retryAfterMs, random);
    this.#restsUntil = clock.now() + pause;
    delivery.due = this.#restsUntil;
    if (!gone) this.#changed(delivery);
  }

  #note(delivery: Delivery, code: string, message: string): void {
    delivery.log = [...delivery.log, { ts: this.#options.clock.now(), seconds: 0, error: { code, message } }];
  }

  #works(): void {
    this.#failures = 0;
    this.#restsUntil = 0;
    this.#lastFailure = null;
  }

  #end(delivery: Delivery, status: 'delivered' | 'dead' | 'cancelled'): void {
    delivery.status = status;
    delivery.ended = this.#options.clock.now();
    this.#changed(delivery);
  }

  #changed(delivery: Delivery): void {
    if (!this.#forgotten.has(delivery)) this.#options.onChange(delivery);
  }

  #remove(delivery: Delivery): void {
    this.#waiting = this.#waiting.filter((one) => one !== delivery);
  }
}
