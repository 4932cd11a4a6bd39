/** What was learned on the owner's word, by the id of that word: so that it can be taken back. */
import { loadRow, type Row, type SavedRow, saveRow } from './hour-sample.ts';

/** Words that can be taken back; what older ones have taught stays. */
const MOST_WORDS = 32;

/** By word: the device, and what was learned of it. */
export type SavedAcceptedRows = [word: string, device: string, rows: SavedRow[]][];

interface Lesson {
  device: string;
  rows: readonly Row[];
}

export class AcceptedRows {
  private readonly lessons = new Map<string, Lesson>();

  add(word: string, lesson: Lesson): void {
    if (lesson.rows.length === 0) return;
    if (this.lessons.size >= MOST_WORDS) this.lessons.delete(this.lessons.keys().next().value!);
    this.lessons.set(word, lesson);
  }

  get words(): string[] {
    return [...this.lessons.keys()];
  }

  /** Gives the lesson once. */
  take(word: string): Lesson | null {
    const lesson = this.lessons.get(word) ?? null;
    this.lessons.delete(word);
    return lesson;
  }

  move(from: string, to: string): void {
    for (const lesson of this.lessons.values()) if (lesson.device === from) lesson.device = to;
  }

  forget(device: string): void {
    for (const [word, lesson] of this.lessons) if (lesson.device === device) this.lessons.delete(word);
  }

  save(): SavedAcceptedRows {
    return [...this.lessons].map(([word, { device, rows }]) => [word, device, rows.map(saveRow)]);
  }

  load(state: SavedAcceptedRows): void {
    this.lessons.clear();
    for (const [word, device, rows] of state) {
      this.lessons.set(word, { device, rows: rows.map(loadRow) });
    }
  }
}
