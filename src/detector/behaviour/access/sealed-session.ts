/**
 * What a client says in an encrypted login, by the sizes alone: after its greeting and its part of the key exchange a
 * guess is a short message; a signature of a key, or a command with its data, is a long one.
 */

/** Banner, list of algorithms (it may come in two parts) and key. */
const OPENING = 4;
/** A password of any length that people choose fits, with its padding. */
const LONGEST_GUESS = 400;

export class SealedSession {
  private messages = 0;
  /** It said more than a guess. */
  isUsed = false;

  say(bytes: number): void {
    if (++this.messages > OPENING && bytes > LONGEST_GUESS) this.isUsed = true;
  }
}
