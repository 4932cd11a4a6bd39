/** A million events of each rule's worst kind cost each what ten thousand and a hundred thousand do. */
import { describe, expect, test } from 'vitest';
import { eventCost } from '../conformance/event-cost.ts';
import { storms } from '../conformance/storm-frames.ts';

/** A table that fills costs more than an empty one; quadratic cost is a hundred times as much. */
const FACTOR = 4;

describe('ten thousand events a second', () => {
  test.each(Object.keys(storms))('%s', (name) => {
    const storm = storms[name as keyof typeof storms];
    eventCost(storm, 10_000);
    const short = eventCost(storm, 10_000);
    expect(eventCost(storm, 100_000) / short).toBeLessThan(FACTOR);
    expect(eventCost(storm, 1_000_000) / short).toBeLessThan(FACTOR);
  });
});
