/** What one device sends to strangers in some hours: to each too little to be seen, to all of them together much. */
import { SlidingSum } from './sliding-sum.ts';

/** Sixty slots of five minutes: five hours. */
const SLOT = 300;
/** Without any past of that kind; more is rare even for a program that talks to its peers. */
const FEWEST = 50e6;
const PAST_FACTOR = 3;
const MOST_ADDRESSES = 4096;
/** A program that shares files talks to hundreds, each at a port of its own. */
const SWARM = 100;
const UNPRIVILEGED = 1024;
/** Told again when it is so much more. */
const GROWTH = 1.05;

export class Strangers {
  readonly #out = new SlidingSum(SLOT);
  readonly #back = new SlidingSum(SLOT);
  /** When each was sent to last, the longest ago first. */
  readonly #addresses = new Map<string, number>();
  #told = 0;

  static bar(past: number): number {
    return Math.max(FEWEST, PAST_FACTOR * past);
  }

  add(ts: number, address: string, port: number, out: number, back: number): void {
    if (port >= UNPRIVILEGED && this.#addresses.size > SWARM && !this.#addresses.has(address)) return;
    this.#out.add(ts, out);
    this.#back.add(ts, back);
    this.#addresses.delete(address);
    this.#addresses.set(address, ts);
    if (this.#addresses.size > MOST_ADDRESSES) this.#addresses.delete(this.#addresses.keys().next().value!);
    if (this.#told > 0 && this.out < this.#told / 2) this.#told = 0;
  }

  get out(): number {
    return this.#out.total;
  }

  get back(): number {
    return this.#back.total;
  }

  get since(): number {
    return this.#out.since;
  }

  /** Those that were sent to since then. */
  get addresses(): number {
    const { since } = this;
    for (const [address, ts] of this.#addresses) {
      if (ts >= since) break;
      this.#addresses.delete(address);
    }
    return this.#addresses.size;
  }

  /** Whether there is so much more that it is worth saying. */
  hasGrown(): boolean {
    if (this.out < this.#told * GROWTH) return false;
    this.#told = this.out;
    return true;
  }
}
