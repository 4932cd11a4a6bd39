import { expect, it } from 'vitest';
import { findingsOf, named, times } from '../../../../test/attack/one-rule.ts';
import { datagram, laptop, outside } from '../../../../test/ordinary/station.ts';
import { createReflection } from './reflection.ts';

const servers = times(40, (i) => outside(`198.51.100.${i + 1}`));
const answers = (bytes: number, asked = false) =>
  servers.flatMap((server, i) => [
    ...(asked ? [datagram(i / 10 - 0.05, laptop, server, [22_000 + i, 53], 40)] : []),
    ...times(3, (round) => datagram(i / 10 + round / 100, server, laptop, [53, 22_000 + i], bytes)),
  ]);

it('is a flood: long answers of forty servers that were never asked', () => {
  const findings = findingsOf(createReflection(), answers(1200));
  expect(named(findings)).toEqual([['flood', laptop.address, null]]);
});

it('is none: the same answers to who has asked, or short ones', () => {
  expect(findingsOf(createReflection(), answers(1200, true))).toEqual([]);
  expect(findingsOf(createReflection(), answers(90))).toEqual([]);
});
