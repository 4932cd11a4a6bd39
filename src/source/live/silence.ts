/** States and gaps of a source that is known to be alive by what comes from it alone: an exporter, a log. */
import { type Clock, systemClock } from '../../clock.ts';
import { BLIND_AFTER_MS, type Gap, type LiveSink, REMEMBERED_GAPS, type SourceState } from './source.ts';

export interface SilenceOptions {
  sink: Pick<LiveSink, 'onState' | 'onGap'>;
  /** Milliseconds without a sign that are no pause any more, and what to say of them. */
  after: number;
  reason: string;
  clock?: Clock;
}

const TICK_MS = 1_000;

export class Silence {
  readonly gaps: Gap[] = [];
  readonly #options: SilenceOptions;
  readonly #clock: Clock;
  readonly #ticker: NodeJS.Timeout;
  #state: SourceState = 'starting';
  /** Of the last sign: by the clock that no one can set, and since 1970 in seconds. */
  #signAt: number;
  #goodAt: number;
  #fault: { reason: string; since: number; gap: Gap } | null = null;

  constructor(options: SilenceOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#signAt = this.#clock.monotonic();
    this.#goodAt = this.#clock.now() / 1000;
    options.sink.onState('starting', null);
    this.#ticker = setInterval(() => this.look(), TICK_MS);
  }

  /** Something came. */
  sign(): void {
    this.#signAt = this.#clock.monotonic();
    this.#goodAt = this.#clock.now() / 1000;
    this.#endGap();
    this.#enter('watching', null);
  }

  /** Nothing can come, and why. */
  fail(reason: string): void {
    if (this.#fault === null) {
      const gap = { from: this.#goodAt, to: null, reason };
      this.#fault = { reason, since: this.#clock.monotonic(), gap };
      this.gaps.push(gap);
      if (this.gaps.length > REMEMBERED_GAPS) this.gaps.shift();
      this.#options.sink.onGap(gap);
    }
    this.#fault.reason = reason;
    this.look();
  }

  /** Is called every second by itself. */
  look(): void {
    const now = this.#clock.monotonic();
    const { after, reason } = this.#options;
    if (this.#fault === null) {
      if (now - this.#signAt >= after) this.fail(reason);
      return;
    }
    const isLong = now - this.#fault.since >= BLIND_AFTER_MS || now - this.#signAt >= after;
    this.#enter(isLong ? 'blind' : 'degraded', this.#fault.reason);
  }

  end(): void {
    clearInterval(this.#ticker);
    this.#endGap();
  }

  #endGap(): void {
    if (this.#fault === null) return;
    const { gap } = this.#fault;
    this.#fault = null;
    gap.to = this.#clock.now() / 1000;
    this.#options.sink.onGap(gap);
  }

  #enter(state: SourceState, reason: string | null): void {
    if (state === this.#state && (state !== 'degraded' || reason === null)) return;
    this.#state = state;
    this.#options.sink.onState(state, reason);
  }
}
