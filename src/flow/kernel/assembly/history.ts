/** Letters of a history (../../history.ts), as long as they find room in the record. */
import { HISTORY_LENGTH_SHIFT } from '../../table/connection-flags';
import { FLAGS, HISTORY, HISTORY_SEEN } from '../../table/record-layout';
import { setWord, word } from './bytes';

const INLINE: i32 = 16;

/** A letter found no room since this was cleared. */
export let overflowed: bool = false;

export function clearOverflow(): void {
  overflowed = false;
}

export function isFull(record: usize): bool {
  return word(record, FLAGS) >>> HISTORY_LENGTH_SHIFT >= INLINE;
}

/** Adds the letter the first time that `mask` is seen; true where it was seen before. */
export function checkLetter(record: usize, mask: i32, code: i32): bool {
  const seen = word(record, HISTORY_SEEN);
  if ((seen & mask) != 0) return true;
  setWord(record, HISTORY_SEEN, seen | mask);
  addLetter(record, code);
  return false;
}

export function addLetter(record: usize, code: i32): void {
  const flags = word(record, FLAGS);
  const length = flags >>> HISTORY_LENGTH_SHIFT;
  if (length >= INLINE) {
    overflowed = true;
    return;
  }
  setWord(record, FLAGS, flags + (1 << HISTORY_LENGTH_SHIFT));
  store<u8>(record + (HISTORY << 2) + length, <u8>code);
}

/** Counts an event and adds its letter the first, tenth, hundredth … time. */
export function addScaled(record: usize, counters: usize, counter: i32, code: i32): void {
  const count = word(counters, counter) + 1;
  setWord(counters, counter, count);
  if (isMark(count)) addLetter(record, code);
}

export function isMark(count: i32): bool {
  if (count % 10 != 0) return count == 1;
  let power = 10;
  while (power < count && power < 1_000_000_000) power *= 10;
  return power == count;
}
