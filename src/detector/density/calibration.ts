/**
 * What benign scores look like: a uniform sample of them with a fitted tail. Scores are taken before the model that
 * gives them has learned their point (prequential), so the same data never both teach and judge.
 */
import { fitTail, type Tail, tailSurprise } from './tail.ts';
import { Xorshift32 } from './xorshift.ts';

export interface SavedCalibration {
  learned: number;
  indices: number[];
  scores: number[];
}

/** The tail is fitted again when this much more was learned. */
const REFIT = 1.1;

export class Calibration {
  private readonly capacity: number;
  /** Uniform sample of (index, score) of the benign scores seen. */
  private indices: number[] = [];
  private scores: number[] = [];
  private tail: Tail = fitTail([]);
  private fitted = 0;
  private readonly random = new Xorshift32(0x2545f491);
  learned = 0;

  /** @param capacity benign scores kept */
  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** -ln p of a benign score by what was known before it, in nats; then it is known too. */
  learn(score: number): number {
    if (this.learned >= this.fitted * REFIT) this.refit();
    const nats = tailSurprise(this.tail, score);
    this.sample(score);
    this.learned++;
    return nats;
  }

  /** -ln p in nats that a benign score is as high as this one. */
  nats(score: number): number {
    if (this.fitted < this.learned) this.refit();
    return tailSurprise(this.tail, score);
  }

  save(): SavedCalibration {
    const { learned, indices, scores } = this;
    return { learned, indices: [...indices], scores: [...scores] };
  }

  load({ learned, indices, scores }: SavedCalibration): void {
    this.learned = learned;
    this.indices = [...indices];
    this.scores = [...scores];
    this.refit();
  }

  /** Reservoir sampling (Vitter's R) with a small seeded generator: the same traffic gives the same sample. */
  private sample(score: number): void {
    if (this.scores.length < this.capacity) {
      this.scores.push(score);
      this.indices.push(this.learned);
      return;
    }
    const slot = this.random.next() % (this.learned + 1);
    if (slot >= this.capacity) return;
    this.scores[slot] = score;
    this.indices[slot] = this.learned;
  }

  /** Calibrates on the later half: a score from when little was known says how new everything was, not how odd. */
  private refit(): void {
    this.tail = fitTail(this.scores.filter((_, i) => this.indices[i] >= this.learned / 2));
    this.fitted = this.learned;
  }
}
