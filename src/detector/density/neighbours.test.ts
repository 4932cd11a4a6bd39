import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NeighbourOptions, Neighbours } from './neighbours.ts';

const options: NeighbourOptions = { size: 3, categories: 2, k: 4, radius: 0, mismatch: 2, capacity: 1000 };

interface Point {
  vector: number[];
  categories: number[];
}

/** By the definition: every point, every distance, the k smallest. */
function bruteForce(points: Point[], query: Point): number {
  const distances = points
    .map(({ vector, categories }) => {
      const differing = categories.filter((category, i) => category !== query.categories[i]).length;
      const squared = vector.reduce(
        (sum, value, i) => sum + (Math.fround(value) - Math.fround(query.vector[i])) ** 2,
        0,
      );
      return Math.sqrt(squared + differing * options.mismatch ** 2);
    })
    .sort((a, b) => a - b)
    .slice(0, options.k);
  return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
}

const point = fc.record({
  vector: fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 3, maxLength: 3 }),
  categories: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 2, maxLength: 2 }),
});

describe('neighbours', () => {
  it('equals the brute-force search, categories and pruning included', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 4, maxLength: 60 }), point, (points, query) => {
        const neighbours = new Neighbours(options);
        for (const { vector, categories } of points) neighbours.add(Float32Array.from(vector), categories);
        const found = neighbours.distance(Float32Array.from(query.vector), query.categories);
        expect(found).toBeCloseTo(bruteForce(points, query), 4);
      }),
    );
  });

  it('is as it was when what was added is taken back, last first', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 4, maxLength: 30 }), fc.array(point), point, (points, more, query) => {
        const neighbours = new Neighbours({ ...options, radius: 0.7 });
        for (const { vector, categories } of points) neighbours.add(Float32Array.from(vector), categories);
        const [before, size] = [
          neighbours.distance(Float32Array.from(query.vector), query.categories),
          neighbours.points,
        ];
        for (const { vector, categories } of more) neighbours.add(Float32Array.from(vector), categories);
        for (const { vector, categories } of more.toReversed()) {
          neighbours.remove(Float32Array.from(vector), categories);
        }
        expect(neighbours.distance(Float32Array.from(query.vector), query.categories)).toBeCloseTo(before, 4);
        expect([neighbours.points, neighbours.observations]).toEqual([size, points.length]);
      }),
    );
  });

  it('knows the quantiles of a number, of one kind or of all', () => {
    const neighbours = new Neighbours(options);
    for (let i = 0; i <= 100; i++) neighbours.add(Float32Array.of(i / 10, 0, 0), [0, i % 2]);
    expect(neighbours.quantiles(0, [0.05, 0.95])!.map(Math.round)).toEqual([1, 10]);
    expect(neighbours.quantiles(0, [0, 1], [0, 1])!.map((value) => value.toFixed(1))).toEqual(['0.1', '9.9']);
    expect(neighbours.quantiles(0, [0.5], [7, 7])).toEqual(neighbours.quantiles(0, [0.5]));
    expect(new Neighbours(options).quantiles(0, [0.5])).toBeNull();
    expect(neighbours.share(([value]) => value < 5)).toBeCloseTo(0.5, 1);
  });

  it('counts what it merges: many near twins are as good as one point with their number', () => {
    const neighbours = new Neighbours({ ...options, radius: 0.5 });
    for (let i = 0; i < 100; i++) neighbours.add(Float32Array.of(i * 1e-3, 0, 0), [0, 0]);
    expect(neighbours.points).toBe(1);
    expect(neighbours.distance(Float32Array.of(0, 0, 3), [0, 0])).toBeCloseTo(3, 3);
  });

  it('stays within its capacity and still knows where the points were', () => {
    const neighbours = new Neighbours({ ...options, radius: 0.01, capacity: 50 });
    for (let i = 0; i < 2000; i++) neighbours.add(Float32Array.of(Math.sin(i) * 5, Math.cos(i) * 5, 0), [0, 0]);
    expect(neighbours.points).toBeLessThanOrEqual(50);
    expect(neighbours.observations).toBe(2000);
    expect(neighbours.distance(Float32Array.of(5, 0, 0), [0, 0])).toBeLessThan(2);
    expect(neighbours.distance(Float32Array.of(0, 0, 9), [0, 0])).toBeGreaterThan(8);
  });

  it('is the same after it was saved and loaded', () => {
    const neighbours = new Neighbours({ ...options, radius: 0.2 });
    for (let i = 0; i < 200; i++) neighbours.add(Float32Array.of(Math.sin(i), Math.cos(i * 3), i % 7), [i % 2, 1]);
    const loaded = new Neighbours({ ...options, radius: 0.2 });
    loaded.load(JSON.parse(JSON.stringify(neighbours.save())));
    for (let i = 0; i < 20; i++) {
      const query = Float32Array.of(i / 5, -i / 7, i % 5);
      expect(loaded.distance(query, [i % 3, 1])).toBe(neighbours.distance(query, [i % 3, 1]));
    }
    loaded.add(Float32Array.of(9, 9, 9), [0, 0]);
    expect(loaded.distance(Float32Array.of(9, 9, 9), [0, 0])).toBeLessThan(
      neighbours.distance(Float32Array.of(9, 9, 9), [0, 0]),
    );
  });

  it('has no nearest when it knows nothing', () => {
    expect(new Neighbours(options).distance(Float32Array.of(0, 0, 0), [0, 0])).toBe(Number.POSITIVE_INFINITY);
  });
});
