import { expect, it } from 'vitest';
import { call, connection } from '../../../../test/attack/conversation.ts';
import { findingsAfter, findingsOf, named, times } from '../../../../test/attack/one-rule.ts';
import { camera, datagram, outside, router } from '../../../../test/ordinary/station.ts';
import { createCalling } from './calling.ts';

const strangers = times(3, (i) => outside(`203.0.113.${i + 10}`));
/** Each is called five times, and nobody answers; the line works. */
const inVain = (who: typeof strangers) =>
  [
    ...who.flatMap((server, i) =>
      [0, 1, 3, 7, 15].map((after) => call(i * 20 + after, { client: camera, server, port: 4444 + i })),
    ),
  ].flat();
const theLineWorks = times(80, (ts) => datagram(ts + 0.5, outside('198.51.100.1'), camera, [123, 123], 48));
const met = (who: typeof strangers) =>
  who.flatMap((server, i) => connection(i, { client: camera, server, port: 4444 + i, closes: true }, []));

it('is told where a device goes on calling strangers who do not answer', () => {
  const findings = findingsAfter(createCalling, met([router]), [...inVain(strangers), ...theLineWorks]);
  expect(named(findings)).toContainEqual(['beacon', camera.address, null]);
  expect(findings.at(-1)!.evidence).toMatchObject({ addresses: 3 });
});

it('is none: a cloud that was met before and is down', () => {
  expect(findingsAfter(createCalling, met(strangers), [...inVain(strangers), ...theLineWorks])).toEqual([]);
});

it('is none: one dead web site, or calls while the line is down', () => {
  expect(findingsAfter(createCalling, met([router]), [...inVain(strangers.slice(0, 1)), ...theLineWorks])).toEqual([]);
  expect(findingsOf(createCalling(), inVain(strangers))).toEqual([]);
});
