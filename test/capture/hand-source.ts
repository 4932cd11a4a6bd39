/** A live source for tests of the monitor. */
import type { Clock } from '../../src/clock.ts';
import { Packet } from '../../src/packet/packet.ts';
import type { LiveSink, LiveSource } from '../../src/source/live/source.ts';

/** Seconds since 1970. */
export const START = Date.UTC(2026, 0, 1) / 1000;

/** A source whose frames the test hands in, with a clock that the test sets. */
export class HandSource implements LiveSource {
  readonly name = 'hand';
  readonly gaps = [];
  readonly starts = 1;
  frames = 0;
  /** What was added to the clock that can be set, and how far time has come. */
  set = 0;
  passed = 0;
  readonly clock: Clock = {
    now: () => 1000 * (START + this.set + this.passed),
    monotonic: () => 1000 * this.passed,
  };
  #sink!: LiveSink;

  start(sink: LiveSink): void {
    this.#sink = sink;
    sink.onState('watching', null);
  }

  async stop(): Promise<void> {}

  account() {
    return { offered: this.frames, parsed: this.frames, rejected: {}, dropped: {} };
  }

  /** Frames of a script; their times are seconds since the start, stamped with the clock as it is set. */
  give(script: { frames: { ts: number; bytes: Uint8Array }[] }): void {
    const packet = new Packet();
    for (const { ts, bytes } of script.frames) {
      this.frames++;
      this.passed = Math.max(this.passed, ts);
      packet.load(bytes, 1, START + this.set + ts);
      this.#sink.onPacket(packet);
    }
  }
}
