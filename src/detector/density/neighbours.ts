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
  /** Distance of each point to the first one: by the triangle inequality it rules most points out at a glance. */
  toFirst: Float32Array;
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
        toFirst: new Float32Array(16),
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

  /** One observation less of the point that stands for this one; nothing where none does. */
  remove(vector: Float32Array, categories: readonly Category[]): void {
    const key = categories.join('|');
    const bucket = this.buckets.get(key);
    if (!bucket) return;
    const point = this.closest(bucket, vector, this.radius * this.radius);
    if (point < 0) return;
    this.observations--;
    if (--bucket.counts[point] > 0) return;
    this.points--;
    if (bucket.length === 1) this.buckets.delete(key);
    else this.drop(bucket, point);
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

  /** Quantiles of one number among the points of these categories, or where there are none, or none given, of all. */
  quantiles(feature: number, at: readonly number[], categories?: readonly Category[]): number[] | null {
    const own = categories && this.buckets.get(categories.join('|'));
    const { size } = this.options;
    const values: [value: number, count: number][] = [];
    for (const { vectors, counts, length } of own ? [own] : this.buckets.values()) {
      for (let point = 0; point < length; point++) values.push([vectors[point * size + feature], counts[point]]);
    }
    if (values.length === 0) return null;
    values.sort(([a], [b]) => a - b);
    const total = values.reduce((sum, [, count]) => sum + count, 0);
    return at.map((share) => {
      let [i, below] = [0, values[0][1]];
      while (below < share * total) below += values[++i][1];
      return values[i][0];
    });
  }

  /** Share of the observations of which a test of their vector is true. */
  share(test: (vector: Float32Array) => boolean): number {
    const { size } = this.options;
    let [passed, all] = [0, 0];
    for (const { vectors, counts, length } of this.buckets.values()) {
      for (let point = 0; point < length; point++) {
        all += counts[point];
        if (test(vectors.subarray(point * size, (point + 1) * size))) passed += counts[point];
      }
    }
    return all > 0 ? passed / all : 0;
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
    const { size } = this.options;
    this.radius = saved.radius;
    this.observations = saved.observations;
    this.points = 0;
    this.buckets = new Map();
    for (const { categories, vectors, counts } of saved.buckets) {
      const length = counts.length;
      const points = fromBase64(vectors);
      const toFirst = Float32Array.from(counts, (_, point) =>
        Math.sqrt(squaredDistance(points.subarray(0, size), points, point * size, size, Number.POSITIVE_INFINITY)),
      );
      const bucket = { categories, vectors: points, counts: Uint32Array.from(counts), toFirst, length };
      this.buckets.set(categories.join('|'), bucket);
      this.points += length;
    }
  }

  private search(bucket: Bucket, vector: Float32Array, penalty: number): void {
    const { size, k } = this.options;
    const { vectors, counts, toFirst, length } = bucket;
    const own = Math.sqrt(squaredDistance(vector, vectors, 0, size, Number.POSITIVE_INFINITY));
    let limit = this.found >= k ? this.nearest[this.slots - 1] - penalty : Number.POSITIVE_INFINITY;
    let reach = Math.sqrt(limit) + SLACK;
    for (let point = 0; point < length; point++) {
      const apart = own - toFirst[point];
      if (apart > reach || -apart > reach) continue;
      const squared = squaredDistance(vector, vectors, point * size, size, limit);
      if (squared >= limit) continue;
      this.insert(squared + penalty, counts[point]);
      if (this.found < k) continue;
      limit = this.nearest[this.slots - 1] - penalty;
      reach = Math.sqrt(limit) + SLACK;
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
    const { vectors, toFirst, length } = bucket;
    if (length === 0) return -1;
    const own = Math.sqrt(squaredDistance(vector, vectors, 0, size, Number.POSITIVE_INFINITY));
    let [best, bestSquared, reach] = [-1, limit, Math.sqrt(limit) + SLACK];
    for (let point = 0; point < length; point++) {
      const apart = own - toFirst[point];
      if (apart > reach || -apart > reach) continue;
      const squared = squaredDistance(vector, vectors, point * size, size, bestSquared);
      if (squared >= bestSquared) continue;
      [best, bestSquared, reach] = [point, squared, Math.sqrt(squared) + SLACK];
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
      const toFirst = new Float32Array(counts.length);
      toFirst.set(bucket.toFirst);
      [bucket.vectors, bucket.counts, bucket.toFirst] = [vectors, counts, toFirst];
    }
    bucket.vectors.set(vector, bucket.length * size);
    bucket.toFirst[bucket.length] = Math.sqrt(
      squaredDistance(vector, bucket.vectors, 0, size, Number.POSITIVE_INFINITY),
    );
    bucket.counts[bucket.length++] = count;
    this.points++;
  }

  /** The last point takes the place of one that goes. */
  private drop(bucket: Bucket, point: number): void {
    const { size } = this.options;
    const last = --bucket.length;
    bucket.vectors.copyWithin(point * size, last * size, (last + 1) * size);
    bucket.counts[point] = bucket.counts[last];
    bucket.toFirst[point] = bucket.toFirst[last];
    if (point > 0) return;
    // All distances are to the first, which is another one now.
    const first = bucket.vectors.slice(0, size);
    for (let i = 0; i < last; i++) {
      const squared = squaredDistance(first, bucket.vectors, i * size, size, Number.POSITIVE_INFINITY);
      bucket.toFirst[i] = Math.sqrt(squared);
    }
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

/** Distances are kept in single precision; a point is only ruled out beyond its rounding. */
const SLACK = 1e-3;

/** Squared distance of `a` and the vector at `from` of `b`; any value >= limit once it is known to be that. */
function squaredDistance(a: Float32Array, b: Float32Array, from: number, size: number, limit: number): number {
  let squared = 0;
  let i = 0;
  for (; i + 4 <= size; i += 4) {
    const d0 = a[i] - b[from + i];
    const d1 = a[i + 1] - b[from + i + 1];
    const d2 = a[i + 2] - b[from + i + 2];
    const d3 = a[i + 3] - b[from + i + 3];
    squared += d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3;
    if (squared >= limit) return squared;
  }
  for (; i < size; i++) {
    const d = a[i] - b[from + i];
    squared += d * d;
  }
  return squared;
}
