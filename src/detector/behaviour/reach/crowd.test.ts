import { expect, it } from 'vitest';
import { call } from '../../../../test/attack/conversation.ts';
import { findingsOf, named, times } from '../../../../test/attack/one-rule.ts';
import { camera, outside } from '../../../../test/ordinary/station.ts';
import { createCrowd } from './crowd.ts';

const callers = (count: number, every: number) =>
  times(count, (i) =>
    call(i * every, { client: outside(`203.${i >> 8}.113.${i & 255 || 1}`), server: camera, port: 80 }),
  );

it('is a flood: a thousand addresses call one service within seconds', () => {
  const findings = findingsOf(createCrowd(), callers(1000, 0.002));
  expect(named(findings)).toEqual([['flood', camera.address, null]]);
  expect((findings.at(-1)!.evidence as { callers: number }).callers).toBeGreaterThan(300);
});

it('is none: two hundred peers of a file-sharing program, or as many visitors in an hour', () => {
  expect(findingsOf(createCrowd(), callers(200, 0.02))).toEqual([]);
  expect(findingsOf(createCrowd(), callers(1000, 3))).toEqual([]);
});
