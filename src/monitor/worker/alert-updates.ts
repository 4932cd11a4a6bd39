/** Alerts that say more than when they were last told: an episode that grows with every port is told in steps. */
import type { Alert } from '../../alert/alert.ts';

/** An alert is told this often at most. */
const EVERY_MS = 10_000;

export class AlertUpdates {
  readonly #grown = new Set<Alert>();
  /** Milliseconds, by a clock that cannot be set. */
  readonly #toldAt = new WeakMap<Alert, number>();

  /** The owner has been told what it says now. */
  told(alert: Alert, now: number): void {
    this.#toldAt.set(alert, now);
  }

  grew(alert: Alert): void {
    this.#grown.add(alert);
  }

  /** Those that are to be told again, which counts as done; at the end all of them (`now` is infinite). */
  *due(now: number): Generator<Alert> {
    for (const alert of this.#grown) {
      if ((this.#toldAt.get(alert) ?? 0) > now - EVERY_MS) continue;
      this.#grown.delete(alert);
      this.told(alert, now);
      yield alert;
    }
  }
}
