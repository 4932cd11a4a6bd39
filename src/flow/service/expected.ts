/** Connections that another one has announced: FTP tells in its commands where its data will flow. */

/** Zeek's `ftp_data_expected` forgets after five minutes. */
const KEPT_SECONDS = 300;
const MAXIMUM = 4096;

export class ExpectedConnections {
  readonly #until = new Map<string, number>();

  /** Nothing is expected: most of the time, so that asking costs nothing. */
  get isEmpty(): boolean {
    return this.#until.size === 0;
  }

  /** One to this address, given as words, and port. */
  add(address: readonly number[], port: number, now: number): void {
    if (this.#until.size >= MAXIMUM) this.#forgetOld(now);
    if (this.#until.size < MAXIMUM) this.#until.set(key(address, port), now + KEPT_SECONDS);
  }

  has(address: readonly number[], port: number, now: number): boolean {
    const name = key(address, port);
    const until = this.#until.get(name);
    if (until === undefined) return false;
    if (until >= now) return true;
    this.#until.delete(name);
    return false;
  }

  #forgetOld(now: number): void {
    for (const [name, until] of this.#until) if (until < now) this.#until.delete(name);
  }
}

const key = (address: readonly number[], port: number): string => `${address.join('.')} ${port}`;
