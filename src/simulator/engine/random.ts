/**
 * Seeded random numbers: sfc32 (PractRand-clean, 128 bits of state) with the distributions that home traffic follows.
 * A stream is forked by name, so that one device's draws do not depend on what another device does.
 */
export class Random {
  readonly #key: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #spareNormal: number | undefined;

  constructor(key: string) {
    this.#key = key;
    [this.#a, this.#b, this.#c] = [hash(`${key}|a`), hash(`${key}|b`), hash(`${key}|c`)];
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** An independent stream; the same name gives the same stream, whatever was drawn before. */
  fork(name: string | number): Random {
    return new Random(`${this.#key}/${name}`);
  }

  uint32(): number {
    const result = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + result;
    return result >>> 0;
  }

  /** Uniform in [0, 1). */
  float(): number {
    return this.uint32() / 4294967296;
  }

  uniform(from: number, to: number): number {
    return from + (to - from) * this.float();
  }

  /** Integer in [from, to], both included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.float() * (to - from + 1));
  }

  bool(probability: number): boolean {
    return this.float() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.float() * items.length)]!;
  }

  /** Index drawn in proportion to the weights. */
  weighted(weights: readonly number[]): number {
    let rest = this.float() * weights.reduce((sum, weight) => sum + weight, 0);
    for (let i = 0; i < weights.length; i++) {
      rest -= weights[i]!;
      if (rest < 0) return i;
    }
    return weights.length - 1;
  }

  /** Standard normal (polar method). */
  normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const u = this.uniform(-1, 1);
      const v = this.uniform(-1, 1);
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      this.#spareNormal = v * factor;
      return u * factor;
    }
  }

  /** Log-normal by its median; sigma is the standard deviation of the logarithm. */
  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  /** The usual size of a message in bytes: log-normal, rounded, at least 1, cut at 40 medians. */
  size(median: number, sigma = 0.5): number {
    return Math.max(1, Math.round(Math.min(this.logNormal(median, sigma), 40 * median)));
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.float());
  }

  /** A period as a device's timer keeps it: the nominal value with a relative standard deviation. */
  jitter(nominal: number, relative: number): number {
    return Math.max(nominal * 0.2, nominal * (1 + relative * this.normal()));
  }

  bytes(length: number): Uint8Array {
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i++) out[i] = this.uint32() >>> 24;
    return out;
  }

  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.uint32().toString(16).padStart(8, '0');
    return text.slice(0, digits);
  }
}

/** 32-bit hash of a text (cyrb53's low half): stable addresses and streams from names. */
export function hash(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  return a >>> 0;
}
