/** One observation domain of an exporter: its templates, what its options said, and what its numbers count. */
import { Sequence } from './sequence.ts';
import type { Template } from './template.ts';

/** Far more than any exporter announces. */
const MAX_TEMPLATES = 512;
const MAX_SAMPLERS = 256;
const MAX_APPLICATIONS = 4096;
/** Bytes of data sets that wait for their template, and their number. */
const MAX_WAITING = 128 * 1024;
const MAX_SETS = 64;
/** Seconds by which the bound of the boot time may only fall short for an exporter that still runs. */
const REBOOT = 3600;

/** A data set whose template is still to come. */
export interface WaitingSet {
  id: number;
  bytes: Uint8Array;
  clock: ExportClock;
}

/** What the header of a message says about time. */
export interface ExportClock {
  /** Epoch seconds of export; null where the exporter's clock was never set. */
  exported: number | null;
  /** Milliseconds of uptime then, 32 bits; null where the header has none (IPFIX). */
  uptime: number | null;
}

export class Domain {
  /** Epoch seconds at which the exporter's uptime was zero, where it has said so. */
  boot: number | null = null;
  /** Messages that held a record which was understood: how well the domain is known. */
  understood = 0;
  readonly sequence: Sequence;
  /** The exporter's uptime was zero at this time or before, by its newest flows. */
  #bootBound: number | null = null;
  #sampling = 1;
  readonly #samplers = new Map<number, number>();
  readonly #applications = new Map<string, string>();
  readonly #templates = new Map<number, Template>();
  #waiting: WaitingSet[] = [];
  #waitingBytes = 0;

  constructor(sequence: Sequence = new Sequence('first record')) {
    this.sequence = sequence;
  }

  template(id: number): Template | undefined {
    return this.#templates.get(id);
  }

  /** The newest announcement counts. The one that was of least use makes room. */
  setTemplate(id: number, template: Template): void {
    const before = this.#templates.get(id);
    if (before === undefined && this.#templates.size >= MAX_TEMPLATES) {
      let least: [number, Template] | null = null;
      for (const entry of this.#templates) if (least === null || entry[1].used < least[1].used) least = entry;
      if (least !== null) this.#templates.delete(least[0]);
    }
    template.used = before?.used ?? 0;
    this.#templates.set(id, template);
  }

  withdraw(id: number): void {
    this.#templates.delete(id);
  }

  setSampling(sampler: number | null, rate: number): void {
    if (sampler === null) this.#sampling = rate;
    else if (this.#samplers.size < MAX_SAMPLERS || this.#samplers.has(sampler)) this.#samplers.set(sampler, rate);
  }

  /** One packet of so many is counted. Sampler 0 is none, unless it was described. */
  samplingOf(sampler: number | null): number {
    if (sampler === null) return this.#samplers.size === 1 ? [...this.#samplers.values()][0] : this.#sampling;
    return this.#samplers.get(sampler) ?? (sampler === 0 ? 1 : this.#sampling);
  }

  setApplication(id: string, name: string): void {
    if (this.#applications.size < MAX_APPLICATIONS || this.#applications.has(id)) this.#applications.set(id, name);
  }

  applicationName(id: string): string | null {
    return this.#applications.get(id) ?? null;
  }

  /**
   * Without a word about the boot: flows have ended before they were exported, so the newest ones of each message
   * bound it from above, and the least of these bounds is the boot but for the delay of the fastest export. A bound
   * that is much later is that of another run.
   */
  boundBoot(exported: number, newestUptime: number): number {
    const bound = exported - newestUptime / 1e3;
    const before = this.#bootBound;
    if (before === null || bound < before || bound > before + REBOOT) this.#bootBound = bound;
    return this.#bootBound!;
  }

  /** Keeps a set for its template; gives the number of older ones that had to go. */
  keep(set: WaitingSet): number {
    this.#waiting.push(set);
    this.#waitingBytes += set.bytes.length;
    let lost = 0;
    while (this.#waiting.length > MAX_SETS || this.#waitingBytes > MAX_WAITING) {
      this.#waitingBytes -= this.#waiting.shift()!.bytes.length;
      lost++;
    }
    return lost;
  }

  /** The sets that have waited for that template, oldest first. */
  release(id: number): WaitingSet[] {
    if (this.#waiting.length === 0) return [];
    const released = this.#waiting.filter((set) => set.id === id);
    if (released.length > 0) this.#waiting = this.#waiting.filter((set) => set.id !== id);
    this.#waitingBytes = this.#waiting.reduce((sum, { bytes }) => sum + bytes.length, 0);
    return released;
  }

  /** How many sets still wait; they are forgotten. */
  drop(): number {
    const lost = this.#waiting.length;
    this.#waiting = [];
    this.#waitingBytes = 0;
    return lost;
  }
}
