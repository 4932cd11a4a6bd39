/**
 * What is normal, as a density over categories and numbers: how rare each category is, and how far the whole point
 * lies from its nearest neighbours. Their sum is calibrated on scores that the profile gave to benign points before
 * it learned them (prequential), so the same data never both teach and judge.
 */
import { Calibration, type SavedCalibration } from './calibration.ts';
import { type Category, Neighbours, type SavedNeighbours } from './neighbours.ts';
import { Rarity } from './rarity.ts';

export interface ProfileOptions {
  /** F, numbers of a point. */
  size: number;
  /** Names of the categories of a point, in order. */
  categories: readonly string[];
  /**
   * How many values of a point are unusual in themselves when they are rare: its first categories, then further ones
   * that do not keep points apart. 0 where categories only keep points apart.
   */
  rare: number;
}

/** A number of a point with its usual range, or a category with its share of the past, by place. */
export type Oddity = { weight: number } & (
  | { index: number; usual: readonly [number, number] | null }
  | { category: number; share: number }
);

export interface SavedProfile extends SavedCalibration {
  neighbours: SavedNeighbours;
  rarities: [Category, number][][];
}

/** Neighbours: as many as make one odd twin no proof of normality. */
const K = 5;
/** A different category is as far as a factor of ten in one number. */
const MISMATCH = Math.LN10;
/** Points closer than a factor of 1.6 in one number, or less in several, are one. Results hardly depend on it. */
const RADIUS = 0.5;
const CAPACITY = 1024;
/** Nats from which on a category is rare: one in twenty. */
const RARE = 3;
const WITHIN = 4;
/** Benign scores kept for calibration. */
const RESERVOIR = 4096;

export class Profile {
  private readonly neighbours: Neighbours;
  private readonly rarities: Rarity[];
  /** Values that neighbours must share. */
  private readonly matched: number;
  private readonly calibration = new Calibration(RESERVOIR);

  constructor(options: ProfileOptions) {
    this.neighbours = new Neighbours({
      size: options.size,
      categories: options.categories.length,
      k: K,
      radius: RADIUS,
      mismatch: MISMATCH,
      capacity: CAPACITY,
    });
    this.matched = options.categories.length;
    this.rarities = Array.from({ length: options.rare }, () => new Rarity());
  }

  /** Scores a benign point for calibration, then learns it. Gives the nats that it had before. */
  learn(vector: Float32Array, categories: readonly Category[]): number {
    const surprise = this.calibration.learn(this.raw(vector, categories));
    this.absorb(vector, categories);
    return surprise;
  }

  /** Points whose scores were learned. */
  get learned(): number {
    return this.calibration.learned;
  }

  /** Learns a point without its score: what was picked for being ordinary would make the calibration too strict. */
  absorb(vector: Float32Array, categories: readonly Category[]): void {
    this.neighbours.add(vector, categories.slice(0, this.matched));
    for (let i = 0; i < this.rarities.length; i++) this.rarities[i].add(categories[i]);
  }

  /** Takes back what `absorb` did, as far as the point has not been merged with others. */
  release(vector: Float32Array, categories: readonly Category[]): void {
    this.neighbours.remove(vector, categories.slice(0, this.matched));
    for (let i = 0; i < this.rarities.length; i++) this.rarities[i].remove(categories[i]);
  }

  /** A category that only can be rare, and keeps no points apart, has another name from now on. */
  rename(from: Category, to: Category): void {
    for (const rarity of this.rarities.slice(this.matched)) rarity.rename(from, to);
  }

  /** -ln p in nats that a benign point is as strange as this one. */
  surprise(vector: Float32Array, categories: readonly Category[]): number {
    return this.calibration.nats(this.raw(vector, categories));
  }

  /** What stands out in a point, most unusual first: numbers that differ from what is known, categories that are rare. */
  explain(vector: Float32Array, categories: readonly Category[]): Oddity[] {
    const matched = categories.slice(0, this.matched);
    const nearest = this.neighbours.nearestVector(vector, matched);
    const numbers = nearest
      ? Array.from(vector, (value, index) => ({ index, weight: Math.abs(value - nearest[index]) }))
          .filter(({ weight }) => weight > RADIUS)
          .map(({ index, weight }) => {
            const usual = this.usual(index, matched);
            // What lies outside of the usual range explains itself; what lies within is odd only beside the others.
            const isBeyond = usual !== null && (vector[index] < usual[0] || vector[index] > usual[1]);
            return { index, usual, weight: isBeyond ? weight : weight / WITHIN };
          })
      : [];
    const rare = this.rarities
      .map((rarity, category) => {
        const value = categories[category];
        return { category, share: rarity.share(value), weight: rarity.surprise(value) };
      })
      .filter(({ weight }) => weight > RARE);
    return [...numbers, ...rare].sort((a, b) => b.weight - a.weight);
  }

  /** 5 % and 95 % of the past of one number; null where there is no past. */
  usual(index: number, categories?: readonly Category[]): readonly [number, number] | null {
    return this.neighbours.quantiles(index, [0.05, 0.95], categories?.slice(0, this.matched)) as
      | [number, number]
      | null;
  }

  /** Share of the past of which a test is true. */
  share(test: (vector: Float32Array) => boolean): number {
    return this.neighbours.share(test);
  }

  save(): SavedProfile {
    return {
      neighbours: this.neighbours.save(),
      rarities: this.rarities.map((rarity) => rarity.save()),
      ...this.calibration.save(),
    };
  }

  load(saved: SavedProfile): void {
    this.neighbours.load(saved.neighbours);
    this.rarities.forEach((rarity, i) => {
      rarity.load(saved.rarities[i]);
    });
    this.calibration.load(saved);
  }

  private raw(vector: Float32Array, categories: readonly Category[]): number {
    if (this.learned === 0) return 0;
    let score = this.neighbours.distance(vector, categories.slice(0, this.matched));
    for (let i = 0; i < this.rarities.length; i++) score += this.rarities[i].surprise(categories[i]);
    return score;
  }
}
