/**
 * Sequence numbers of an exporter: what never arrived. IPFIX and NetFlow v5 number the first record of a message, v9
 * numbers messages; softflowd numbers the last record. Nobody says which, so the numbers do: what explained most steps
 * from one message to the next is what the exporter does, and until that is plain nothing is counted.
 */

const units = ['first record', 'message', 'last record'] as const;
export type SequenceUnit = (typeof units)[number];

/** A longer gap is a restart of the exporter and no loss. */
const MAX_GAP = 1_000_000;
/** Milliseconds by which the uptime of a message that was overtaken may lie behind: further back is a restart. */
const OVERTAKEN = 60_000;
/** Steps that a unit must have explained before it is believed. */
const PLAIN = 3;

export class Sequence {
  readonly #explained: Record<SequenceUnit, number> = { 'first record': 0, message: 0, 'last record': 0 };
  readonly #standard: SequenceUnit;
  #last: number | null = null;
  /** Records of the last message; null where nobody can say. */
  #records: number | null = null;
  #uptime: number | null = null;
  /** Mean records of a message, for exporters that count messages. */
  #perMessage = 1;

  /** @param standard what the version's document says, where the numbers allow it */
  constructor(standard: SequenceUnit) {
    this.#standard = standard;
  }

  /**
   * Takes the next message; gives the records that were lost before it, negative where late ones came after all.
   * @param uptime milliseconds that the exporter runs, where it says so: one that was started again counts anew
   */
  next(number: number, records: number | null, uptime: number | null = null): number {
    if (uptime !== null && this.#uptime !== null && uptime < this.#uptime - OVERTAKEN) this.#last = null;
    this.#uptime = uptime;
    const [last, before] = [this.#last, this.#records];
    if (records !== null) this.#perMessage += (records - this.#perMessage) / 16;
    this.#last = number;
    this.#records = records;
    if (last === null) return 0;
    const step = (number - last) | 0;
    const expected = { 'first record': before, message: 1, 'last record': records };
    for (const unit of units) if (expected[unit] === step && step > 0) this.#explained[unit]++;
    const unit = this.#unit;
    if (unit === null || Math.abs(step) > MAX_GAP) return 0;
    const each = unit === 'message' ? this.#perMessage : 1;
    if (step < 0) {
      // It was overtaken, and counted as lost: what is expected next is what was expected before.
      [this.#last, this.#records] = [last, before];
      return -Math.round(unit === 'message' ? each : (records ?? 0));
    }
    const should = expected[unit];
    return should === null ? 0 : Math.max(0, Math.round((step - should) * each));
  }

  /** Null until it is plain. */
  get #unit(): SequenceUnit | null {
    let best = this.#standard;
    for (const unit of units) if (this.#explained[unit] > this.#explained[best]) best = unit;
    return this.#explained[best] >= PLAIN ? best : null;
  }
}
