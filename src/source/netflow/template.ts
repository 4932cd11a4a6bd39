/** Templates of one exporter: what the records of a data set look like. Their number is bounded. */

export interface TemplateField {
  element: number;
  /** 0 for the IANA elements. */
  enterprise: number;
  /** Bytes; `VARIABLE` where each record says. */
  length: number;
}

export interface Template {
  fields: TemplateField[];
  /** Records of options describe the exporter, not traffic. */
  options: boolean;
  /** Shortest record, in bytes. */
  minimum: number;
}

export const VARIABLE = 65_535;
/** Far more than any exporter announces. */
const MAX_TEMPLATES = 512;
const MAX_FIELDS = 256;

export class TemplateCache {
  /** Epoch seconds at which the exporter started, where it has said so. */
  boot: number | null = null;
  private readonly templates = new Map<number, Template>();

  get(id: number): Template | undefined {
    return this.templates.get(id);
  }

  /** The newest announcement counts. The oldest one makes room. False where it cannot be a template. */
  set(id: number, fields: TemplateField[], options: boolean): boolean {
    const minimum = fields.reduce((sum, field) => sum + (field.length === VARIABLE ? 1 : field.length), 0);
    // A record without bytes would never end.
    if (id < 256 || fields.length > MAX_FIELDS || minimum === 0) return false;
    this.templates.delete(id);
    if (this.templates.size >= MAX_TEMPLATES) {
      const oldest = this.templates.keys().next();
      if (!oldest.done) this.templates.delete(oldest.value);
    }
    this.templates.set(id, { fields, options, minimum });
    return true;
  }

  withdraw(id: number): void {
    this.templates.delete(id);
  }
}

/** One cache per exporter and observation domain; strangers cannot make it grow without end. */
export class Exporters {
  private readonly caches = new Map<string, TemplateCache>();
  private readonly limit: number;

  constructor(limit = 256) {
    this.limit = limit;
  }

  cacheOf(exporter: string, domain: number): TemplateCache {
    const key = `${exporter} ${domain}`;
    const known = this.caches.get(key);
    // Moved to the end: the exporter that was silent longest is forgotten first.
    if (known) this.caches.delete(key);
    else if (this.caches.size >= this.limit) {
      const oldest = this.caches.keys().next();
      if (!oldest.done) this.caches.delete(oldest.value);
    }
    const cache = known ?? new TemplateCache();
    this.caches.set(key, cache);
    return cache;
  }
}
