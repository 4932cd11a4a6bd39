/** The ten ways to slip by, each alone, in a home of ten devices: a day learned, six hours watched, the usual budget. */
import { expect, test } from 'vitest';
import { evasionTypes } from '../../src/simulator/attack/evasion/index.ts';
import { type House, learn, missed, watch } from '../conformance/evasion-home.ts';

const house: House = { devices: 10, seed: 3, bulk: 0.002, learned: 24 };
/** Of the ten. */
const FEWEST = 9;

test('at least nine of ten are told with the attacker named, and the home itself raises nothing', () => {
  const past = learn(house);
  expect(watch(house, past, 6, []).others).toEqual([]);
  const rounds = evasionTypes.map((type) => watch(house, past, 6, [{ type }]));
  const told = rounds.flatMap((round) => round.told);
  expect(told).toHaveLength(10);
  expect(10 - missed(told).length, `missed: ${missed(told)}`).toBeGreaterThanOrEqual(FEWEST);
  expect(rounds.flatMap(({ others }) => others)).toEqual([]);
});
