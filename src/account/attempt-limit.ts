/**
 * Wrong passwords and codes, counted by account and client and by client alone, never by account alone: somebody who
 * guesses must not lock the owner out. A success of the same client on the same account forgets its failures.
 */
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { clientGroup } from './client-address.ts';

const WINDOW_MS = 900_000;
const PER_ACCOUNT = 10;
const PER_CLIENT = 50;
/** Of more, those that failed the longest ago are forgotten. */
const MAX_KEYS = 10_000;

interface Failures {
  count: number;
  /** Monotonic milliseconds of the first of them. */
  since: number;
}

export class AttemptLimit {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws AppError `too_many_attempts`, which says how long to wait. */
  require(account: string, address: string): void {
    for (const [key, limit] of keysOf(account, address)) {
      const found = this.#current(key);
      if (found && found.count >= limit) throw this.#refusal(found);
    }
  }

  /** Throws what `require` would throw from now on, where this was the last that is allowed. */
  failed(account: string, address: string): void {
    for (const [key] of keysOf(account, address)) {
      const { count, since } = this.#current(key) ?? { count: 0, since: this.#clock.monotonic() };
      this.#failures.delete(key);
      this.#failures.set(key, { count: count + 1, since });
    }
    while (this.#failures.size > MAX_KEYS) this.#failures.delete(this.#failures.keys().next().value!);
    this.require(account, address);
  }

  succeeded(account: string, address: string): void {
    const [[key]] = keysOf(account, address);
    this.#failures.delete(key);
  }

  #current(key: string): Failures | undefined {
    const found = this.#failures.get(key);
    return found && this.#clock.monotonic() - found.since < WINDOW_MS ? found : undefined;
  }

  #refusal({ since }: Failures): AppError {
    const left = since + WINDOW_MS - this.#clock.monotonic();
    return new AppError('too_many_attempts', { minutes: Math.ceil(left / 60_000) });
  }
}

function keysOf(account: string, address: string): [string, number][] {
  const client = clientGroup(address);
  return [
    [`${client} ${account.toLowerCase()}`, PER_ACCOUNT],
    [client, PER_CLIENT],
  ];
}
