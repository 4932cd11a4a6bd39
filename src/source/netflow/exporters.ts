/**
 * All exporters and their observation domains, in bounded memory. Whoever makes up domains or addresses pushes out
 * those that nobody has learned anything from, never an exporter whose records are understood.
 */
import { Domain } from './domain.ts';
import { Sequence, type SequenceUnit } from './sequence.ts';

const MAX_DOMAINS = 256;
/** Line cards of a large router; a home has one. */
const MAX_DOMAINS_EACH = 64;

interface Entry {
  exporter: string;
  domain: Domain;
}

export class Exporters {
  readonly #entries = new Map<string, Entry>();
  readonly #limit: number;
  readonly #limitEach: number;

  constructor(limit = MAX_DOMAINS, limitEach = Math.min(limit, MAX_DOMAINS_EACH)) {
    this.#limit = limit;
    this.#limitEach = limitEach;
  }

  /** `version` keeps apart what one address sends in several: their numbers are not of one sequence. */
  domain(exporter: string, version: number | 'sflow', id: number | string, unit: SequenceUnit): Domain {
    const key = `${exporter} ${version} ${id}`;
    const known = this.#entries.get(key);
    if (known) {
      // Moved to the end: of those that are equally little known, the one that was silent longest goes first.
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.domain;
    }
    const own = [...this.#entries].filter(([, entry]) => entry.exporter === exporter);
    if (own.length >= this.#limitEach) this.#evict(own);
    else if (this.#entries.size >= this.#limit) this.#evict([...this.#entries]);
    const domain = new Domain(new Sequence(unit));
    this.#entries.set(key, { exporter, domain });
    return domain;
  }

  domains(): Domain[] {
    return [...this.#entries.values()].map(({ domain }) => domain);
  }

  #evict(entries: [string, Entry][]): void {
    let least = entries[0];
    for (const entry of entries) if (entry[1].domain.understood < least[1].domain.understood) least = entry;
    this.#entries.delete(least[0]);
  }
}
