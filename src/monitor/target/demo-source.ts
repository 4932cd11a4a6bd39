/**
 * A simulated home instead of a network. Its last hours go by at once, so that there is a past to judge by; from now on
 * it goes on in real time, and some of its devices turn bad.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import { type Clock, systemClock } from '../../clock.ts';
import { Packet } from '../../packet/packet.ts';
import type { AttackOptions } from '../../simulator/options.ts';
import { type SimulatedHome, simulate } from '../../simulator/simulate.ts';
import type { Gap, LiveSink, LiveSource } from '../../source/live/source.ts';
import type { Accounting } from '../../source/source.ts';

export interface DemoOptions {
  devices: readonly string[];
  /** Of the past that is told at once, and of the life from now on. */
  pastHours: number;
  hours: number;
  /** Of the past, what was before that time is known already; seconds since 1970. */
  toldUntil?: number;
  /** Seconds from now on at which devices turn bad. */
  attacks: readonly AttackOptions[];
}

const DEVICES = ['hub', 'camera', 'doorbell', 'plug', 'light-bridge', 'thermostat', 'speaker', 'tv', 'laptop', 'phone'];
const PAST_HOURS = 6;
const defaults: DemoOptions = {
  devices: DEVICES,
  pastHours: PAST_HOURS,
  hours: 48,
  attacks: [
    { kind: 'scan', at: 60 },
    { kind: 'brute-force', at: 300 },
    { kind: 'exfiltration', at: 900 },
    { kind: 'beacon', at: 1800 },
  ],
};
/** Frames told in one go while the past goes by. */
const TURN = 2_000;
const ETHERNET = 1;

export class DemoSource implements LiveSource {
  readonly name = 'demo';
  readonly gaps: Gap[] = [];
  readonly starts = 1;
  readonly #options: DemoOptions;
  readonly #clock: Clock;
  readonly #stopping = new AbortController();
  #done: Promise<void> = Promise.resolve();
  #frames = 0;
  #isPast = true;
  readonly #past: number;
  #ts: number;

  /** While the past goes by, it is the time of what happens there. */
  readonly clock: Clock = {
    now: () => (this.#isPast ? this.#ts * 1000 : this.#clock.now()),
    monotonic: () => this.clock.now(),
  };

  constructor(options: Partial<DemoOptions> = {}, clock = systemClock) {
    this.#options = { ...defaults, ...options };
    this.#clock = clock;
    const now = clock.now() / 1000;
    const { pastHours, toldUntil = 0 } = this.#options;
    this.#past = Math.min(3600 * pastHours, Math.max(0, now - toldUntil));
    this.#ts = now - this.#past;
  }

  start(sink: LiveSink): void {
    const { devices, hours, attacks } = this.#options;
    const past = this.#past;
    const home = simulate({
      devices,
      hours: past / 3600 + hours,
      start: this.#ts,
      seed: 7,
      attacks: attacks.map((attack) => ({ ...attack, at: past + Number(attack.at ?? 0) })),
    });
    this.#done = this.#replay(home, sink).catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) throw error;
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }

  account(): Accounting {
    return { offered: this.#frames, parsed: this.#frames, rejected: {}, dropped: {} };
  }

  async #replay(home: SimulatedHome, sink: LiveSink): Promise<void> {
    const { signal } = this.#stopping;
    const packet = new Packet();
    sink.onState('watching', null);
    for (const { ts, data } of home) {
      const wait = ts / 1000 - this.#clock.now();
      if (wait > 0) this.#isPast = false;
      if (wait > 0) await setTimeout(wait, undefined, { signal });
      else if (this.#frames % TURN === 0) await setImmediate(undefined, { signal });
      this.#frames++;
      packet.load(data, ETHERNET, ts / 1e6);
      this.#ts = packet.ts;
      sink.onPacket(packet);
    }
    const gap = { from: this.#clock.now() / 1000, to: null, reason: 'the demo is over' };
    this.gaps.push(gap);
    sink.onGap(gap);
    sink.onState('degraded', gap.reason);
  }
}
