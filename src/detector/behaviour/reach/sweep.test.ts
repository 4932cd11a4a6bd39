import { expect, it } from 'vitest';
import { call, connection } from '../../../../test/attack/conversation.ts';
import { findingsOf, named, times } from '../../../../test/attack/one-rule.ts';
import { laptop, outside } from '../../../../test/ordinary/station.ts';
import { createSweep } from './sweep.ts';

const others = (count: number) => times(count, (i) => outside(`198.51.${100 + (i >> 8)}.${i & 255 || 1}`));

it('is a sweep: one service of four hundred addresses within a second', () => {
  const frames = others(400).flatMap((server, i) => call(i / 400, { client: laptop, server, port: 445 }));
  const findings = findingsOf(createSweep(), frames);
  expect(named(findings)).toEqual([['scan', laptop.address, null]]);
  expect(findings.at(-1)!.evidence).toMatchObject({ port: 445, ports: 1, proto: 'tcp' });
});

it('is none: a browser with many pages, or the same calls over an hour', () => {
  const pages = others(250).flatMap((server, i) => connection(i / 40, { client: laptop, server, port: 443 }, []));
  expect(findingsOf(createSweep(), pages)).toEqual([]);
  const slowly = others(400).flatMap((server, i) => call(9 * i, { client: laptop, server, port: 445 }));
  expect(findingsOf(createSweep(), slowly)).toEqual([]);
});
