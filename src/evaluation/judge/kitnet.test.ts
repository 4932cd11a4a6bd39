import { describe, expect, it } from 'vitest';
import { groupFeatures } from './kitnet.ts';

describe('groups of features', () => {
  const rows = (features: number, value: (row: number, feature: number) => number): Float32Array =>
    Float32Array.from({ length: 200 * features }, (_, i) => value(Math.floor(i / features), i % features));
  const groupsOf = (groups: number[][]) => groups.map((group) => group.toSorted((a, b) => a - b)).sort();

  it('hold what goes together', () => {
    // Columns 0 and 2 rise, 1 and 3 swing.
    const data = rows(4, (row, f) => (f % 2 === 0 ? row * (f + 1) : Math.sin(row) * (f + 1)));
    const groups = groupsOf(groupFeatures(data, 4));
    expect(groups).toContainEqual([0, 2]);
    expect(groups).toContainEqual([1, 3]);
  });

  it('are of ten features at most, and leave none out', () => {
    const groups = groupFeatures(
      rows(25, (row, f) => row + f),
      25,
    );
    expect(Math.max(...groups.map(({ length }) => length))).toBeLessThanOrEqual(10);
    expect(groups.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, f) => f));
  });

  it('keep apart what never varies', () => {
    expect(
      groupFeatures(
        rows(2, (row, f) => (f === 0 ? row : 7)),
        2,
      ),
    ).toEqual([[0], [1]]);
  });
});
