import { BACKWARDS, CLOCK, TRUNCATED } from './kernel/ledger.ts';

/** Counts of named oddities of the traffic, under Zeek's names. Those that many packets may have are plain fields. */
export class Weirds {
  /** Sequence numbers before the first one of their side, in packets and in acknowledgements. */
  underflows = 0;
  ackUnderflows = 0;
  readonly #counts = new Map<string, number>();
  /** Some are counted by the fast path, in its ledger. */
  readonly #ledger: Float64Array;

  constructor(ledger: Float64Array) {
    this.#ledger = ledger;
  }

  /** A packet of that time came, which may be earlier than the one before it. */
  clock(ts: number): void {
    const ledger = this.#ledger;
    if (ts < ledger[CLOCK]) ledger[BACKWARDS]++;
    ledger[CLOCK] = ts;
  }

  /** Payload that the capture cut off. */
  countTruncated(): void {
    this.#ledger[TRUNCATED]++;
  }

  count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** All counts that are not zero. */
  toRecord(): Record<string, number> {
    const all = new Map(this.#counts);
    all.set('TCP_seq_underflow_or_misorder', this.underflows);
    all.set('TCP_ack_underflow_or_misorder', this.ackUnderflows);
    all.set('truncated_tcp_payload', this.#ledger[TRUNCATED]);
    all.set('capture.out_of_order', this.#ledger[BACKWARDS]);
    return Object.fromEntries([...all].filter(([, count]) => count > 0));
  }
}
