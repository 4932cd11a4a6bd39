/** A machine that does something for a reason: a device about its business, or a compromised one attacking. */

import type { Home } from './home.ts';
import type { Host } from './host.ts';
import type { Random } from './random.ts';
import { HOUR, type Process, SECOND, type Tag } from './simulation.ts';

export class Actor {
  readonly home: Home;
  readonly host: Host;
  readonly tag: Tag;
  readonly random: Random;

  constructor(home: Home, host: Host, tag: Tag, random: Random) {
    [this.home, this.host, this.tag, this.random] = [home, host, tag, random];
  }

  get now(): number {
    return this.home.simulation.now;
  }

  send(frame: Uint8Array): void {
    this.home.simulation.send(frame, this.tag);
  }

  /** Runs beside the caller, until the host is switched off. */
  spawn(process: Process, delaySeconds = 0): void {
    this.home.simulation.spawn(this.host, process, delaySeconds * SECOND);
  }

  /** Again and again with the device's own timer; `body` runs before the next period starts. */
  *every(periodSeconds: number, relativeJitter: number, body: () => Process): Process {
    yield this.random.float() * periodSeconds * SECOND;
    for (;;) {
      yield* body();
      yield this.random.jitter(periodSeconds, relativeJitter) * SECOND;
    }
  }

  /** Events of a Poisson process with a rate that changes over time (thinning); `body` runs to its end before the next. */
  *poisson(maximumPerHour: number, perHour: () => number, body: () => Process): Process {
    for (;;) {
      yield this.random.exponential(HOUR / maximumPerHour);
      if (this.random.float() * maximumPerHour < perHour()) yield* body();
    }
  }
}
