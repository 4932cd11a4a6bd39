import { expect, it } from 'vitest';
import { fromHalf, roundToHalf, toHalf } from './half.ts';

it('every half comes back as its own bits', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const notANumber = (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0;
    if (notANumber) expect(fromHalf(bits)).toBeNaN();
    else expect(toHalf(fromHalf(bits))).toBe(bits);
  }
});

it('rounds to the nearest, ties to even', () => {
  for (let bits = 1; bits < 0x7bff; bits += 3) {
    const low = fromHalf(bits);
    const high = fromHalf(bits + 1);
    const middle = (low + high) / 2;
    expect(toHalf(middle)).toBe(bits % 2 === 0 ? bits : bits + 1);
    expect(roundToHalf(middle * (1 - 2e-7))).toBe(low);
    expect(roundToHalf(-middle * (1 + 2e-7))).toBe(-high);
  }
  expect([65504, 65519, 65520, 1e9].map(roundToHalf)).toEqual([65504, 65504, Infinity, Infinity]);
  expect(roundToHalf(Number.NaN)).toBeNaN();
});
