/**
 * Distance to the k nearest remembered points, with bounded memory: points closer than `radius` to a remembered one
 * only raise its count. Points have a category tuple and a vector; each differing category adds `mismatch`² to the
 * squared distance. Legend: F numbers of a vector.
 */

export interface NeighbourOptions {
  /** F */
  size: number;
  /** Categories of a point. */
  categories: number;
  /** Observations that the distance is averaged over. */
  k: number;
  radius: number;
  mismatch: number;
  /** Points remembered at most; past it the radius grows by half and points are merged. */
  capacity: number;
}

/** The remembered points of one category tuple, contiguous so that the search stays in the cache. */
interface Bucket {
  categories: readonly Category[];
  vectors: Float32Array;
  counts: Uint32Array;
  length: number;
}

export type Category = string | number;

export interface SavedNeighbours {
  radius: number;
  observations: number;
  /** `vectors`: the bytes of a Float32Array in base64. */
  buckets: { categories: Category[]; vectors: string; counts: number[] }[];
}

const toBase64 = (values: Float32Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');

const fromBase64 = (text: string): Float32Array<ArrayBuffer> =>
  new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);

export class Neighbours {
  private readonly options: NeighbourOptions;
  private buckets = new Map<string, Bucket>();
  private radius: number;
  /** Remembered points, and observations that they stand for. */
  points = 0;
  observations = 0;
  // The k nearest so far as (squared distance, mass): reused, sorted.
  private readonly nearest: Float64Array;
  private readonly mass: Float64Array;
  private slots = 0;
  private found = 0;

  constructor(options: NeighbourOptions) {
    this.options = options;
    this.radius = options.radius;
    this.nearest = new Float64Array(options.k + 1);
    this.mass = new Float64Array(options.k + 1);
  }

  add(vector: Float32Array, categories: readonly Category[], count = 1): void {
    this.observations += count;
    this.remember(vector, categories, count);
    while (this.points > this.options.capacity) this.coarsen();
  }

  private remember(vector: Float32Array, categories: readonly Category[], count: number): void {
    const key = categories.join('|');
    let bucket = this.buckets.get(key);
    if (!bucket) {
      const { size } = this.options;
      bucket = {
        categories: [...categories],
        vectors: new Float32Array(16 * size),
        counts: new Uint32Array(16),
        length: 0,
      };
      this.buckets.set(key, bucket);
    }
    const close = this.closest(bucket, vector, this.radius * this.radius);
    if (close >= 0) {
      bucket.counts[close] += count;
      return;
    }
    this.append(bucket, vector, count);
  }

  /** Mean distance to the k nearest observations; Infinity when there are none. */
  distance(vector: Float32Array, categories: readonly Category[]): number {
    const { k, mismatch } = this.options;
    this.slots = 0;
    this.found = 0;
    const own = this.buckets.get(categories.join('|'));
    if (own) this.search(own, vector, 0);
    const step = mismatch * mismatch;
    for (let different = 1; different <= this.options.categories; different++) {
      // Buckets that differ in more categories cannot hold anything nearer.
      if (this.found >= k && this.nearest[this.slots - 1] <= different * step) break;
      for (const bucket of this.buckets.values()) {
        if (bucket !== own && differing(bucket.categories, categories) === different) {
          this.search(bucket, vector, different * step);
        }
      }
    }
    return this.mean();
  }

  private mean(): number {
    const { k } = this.options;
    let [sum, taken] = [0, 0];
    for (let i = 0; i < this.slots && taken < k; i++) {
      const use = Math.min(this.mass[i], k - taken);
      sum += use * Math.sqrt(this.nearest[i]);
      taken += use;
    }
    return taken > 0 ? sum / taken : Number.POSITIVE_INFINITY;
  }

  /** The remembered point that is nearest; undefined when there is none of these categories. */
  nearestVector(vector: Float32Array, categories: readonly Category[]): Float32Array | undefined {
    const bucket = this.buckets.get(categories.join('|'));
    if (!bucket) return undefined;
    const { size } = this.options;
    const point = this.closest(bucket, vector, Number.POSITIVE_INFINITY);
    return bucket.vectors.subarray(point * size, (point + 1) * size);
  }

  save(): SavedNeighbours {
    const { size } = this.options;
    const buckets = [...this.buckets.values()].map(({ categories, vectors, counts, length }) => ({
      categories: [...categories],
      vectors: toBase64(vectors.subarray(0, length * size)),
      counts: [...counts.subarray(0, length)],
    }));
    return { radius: this.radius, observations: this.observations, buckets };
  }

  load(saved: SavedNeighbours): void {
    this.radius = saved.radius;
    this.observations = saved.observations;
    this.points = 0;
    this.buckets = new Map();
    for (const { categories, vectors, counts } of saved.buckets) {
      const length = counts.length;
      const bucket = { categories, vectors: fromBase64(vectors), counts: Uint32Array.from(counts), length };
      this.buckets.set(categories.join('|'), bucket);
      this.points += length;
    }
  }

  private search(bucket: Bucket, vector: Float32Array, penalty: number): void {
    const { size, k } = this.options;
    const { vectors, counts, length } = bucket;
    let limit = this.found >= k ? this.nearest[this.slots - 1] : Number.POSITIVE_INFINITY;
    for (let point = 0, at = 0; point < length; point++, at += size) {
      let squared = penalty;
      for (let i = 0; i < size && squared < limit; i++) {
        const difference = vector[i] - vectors[at + i];
        squared += difference * difference;
      }
      if (squared >= limit) continue;
      this.insert(squared, counts[point]);
      if (this.found >= k) limit = this.nearest[this.slots - 1];
    }
  }

  /** Keeps the nearest points sorted, no more of them than it takes to hold k observations. */
  private insert(squared: number, count: number): void {
    const { nearest, mass } = this;
    const { k } = this.options;
    let i = this.slots++;
    while (i > 0 && nearest[i - 1] > squared) {
      nearest[i] = nearest[i - 1];
      mass[i] = mass[i - 1];
      i--;
    }
    nearest[i] = squared;
    mass[i] = Math.min(count, k);
    this.found += mass[i];
    while (this.found - mass[this.slots - 1] >= k) this.found -= mass[--this.slots];
  }

  private closest(bucket: Bucket, vector: Float32Array, limit: number): number {
    const { size } = this.options;
    let [best, bestSquared] = [-1, limit];
    for (let point = 0, at = 0; point < bucket.length; point++, at += size) {
      let squared = 0;
      for (let i = 0; i < size && squared < bestSquared; i++) {
        const difference = vector[i] - bucket.vectors[at + i];
        squared += difference * difference;
      }
      if (squared < bestSquared) [best, bestSquared] = [point, squared];
    }
    return best;
  }

  private append(bucket: Bucket, vector: Float32Array, count: number): void {
    const { size } = this.options;
    if (bucket.length === bucket.counts.length) {
      const vectors = new Float32Array((bucket.length + 8) * 2 * size);
      vectors.set(bucket.vectors);
      const counts = new Uint32Array((bucket.length + 8) * 2);
      counts.set(bucket.counts);
      [bucket.vectors, bucket.counts] = [vectors, counts];
    }
    bucket.vectors.set(vector, bucket.length * size);
    bucket.counts[bucket.length++] = count;
    this.points++;
  }

  /** Merges what lies closer than a radius half as large again. */
  private coarsen(): void {
    const { size } = this.options;
    const old = this.buckets;
    this.radius *= 1.5;
    this.buckets = new Map();
    this.points = 0;
    for (const { categories, vectors, counts, length } of old.values()) {
      for (let point = 0; point < length; point++) {
        this.remember(vectors.subarray(point * size, (point + 1) * size), categories, counts[point]);
      }
    }
  }
}

function differing(a: readonly Category[], b: readonly Category[]): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) count++;
  return count;
}
