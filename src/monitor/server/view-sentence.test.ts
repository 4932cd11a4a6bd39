import { expect, test } from 'vitest';
import { viewOf } from './view-sentence.ts';

test.each([
  [
    { at: 'interface', heard: 0, others: 13 },
    /only the traffic of this machine.*Of 13 other devices.*ordinary switch port/,
  ],
  [{ at: 'interface', heard: 0, others: 1 }, /Of 1 other device it knows that it is there, not what it does/],
  [{ at: 'interface', heard: 12, others: 13 }, /seen what 12 of 13 other devices exchanged with others\.$/],
  [{ at: 'router', heard: 9, others: 13 }, /^The router shows what 9 of 13 other devices/],
  [{ at: 'records', heard: 1, others: 1 }, /^The records tell what 1 of 1 other device exchanged/],
] as const)('%o', (view, sentence) => expect(viewOf(view)).toMatch(sentence));

test('claims nothing while nobody is known', () => {
  expect(viewOf({ at: 'interface', heard: 0, others: 0 })).toBeNull();
});
