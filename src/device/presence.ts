/**
 * Whether a device is there. Battery sensors sleep for minutes and phones doze, so a device is only called away after
 * several times its own usual silence, and a single packet does not bring it back.
 */
export interface PresenceOptions {
  /** Seconds of silence after which nobody is called away earlier. */
  offlineAfterSeconds: number;
  /** A device that was away is back when it speaks again within this time of its first word. */
  returnWithinSeconds: number;
}

export const defaultPresence: PresenceOptions = { offlineAfterSeconds: 900, returnWithinSeconds: 60 };

/** A device is away after this many times its longest ordinary silence … */
const SILENCES = 3;
/** … but after a day at the latest. */
const LONGEST_SECONDS = 86_400;

export class Presence {
  online = true;
  /** Longest silence between two packets while it was there, in seconds. */
  longestSilence = 0;
  /** First word after an absence that is not believed yet. */
  #returning: number | null = null;
  #lastSeen: number;
  readonly #options: PresenceOptions;

  constructor(ts: number, options: PresenceOptions) {
    this.#lastSeen = ts;
    this.#options = options;
  }

  /** Its state before a restart. */
  restore(lastSeen: number, online: boolean, longestSilence: number): void {
    this.#lastSeen = lastSeen;
    this.online = online;
    this.longestSilence = longestSilence;
    this.#returning = null;
  }

  get lastSeen(): number {
    return this.#lastSeen;
  }

  /** It spoke until `ts`, without a silence longer than those before. */
  heardUntil(ts: number): void {
    if (ts > this.#lastSeen) this.#lastSeen = ts;
  }

  /** It spoke at `ts` (seconds). True where that brought it back. */
  seen(ts: number): boolean {
    const silence = ts - this.#lastSeen;
    if (silence > 0) this.#lastSeen = ts;
    if (this.online) {
      if (silence > this.longestSilence && silence <= LONGEST_SECONDS) this.longestSilence = silence;
      return false;
    }
    if (this.#returning === null || ts - this.#returning > this.#options.returnWithinSeconds) {
      this.#returning = ts;
      return false;
    }
    this.#returning = null;
    this.online = true;
    return true;
  }

  /** The clock stands at `now`. True where that made it away. */
  elapse(now: number): boolean {
    if (!this.online || now - this.#lastSeen <= this.patience) return false;
    this.online = false;
    this.#returning = null;
    return true;
  }

  /** Seconds of silence that it is allowed. */
  get patience(): number {
    const { offlineAfterSeconds } = this.#options;
    return Math.min(Math.max(offlineAfterSeconds, SILENCES * this.longestSilence), LONGEST_SECONDS);
  }
}
