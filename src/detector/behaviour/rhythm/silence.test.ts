import { expect, it } from 'vitest';
import { times, watch } from '../../../../test/attack/one-rule.ts';
import { camera, datagram, router } from '../../../../test/ordinary/station.ts';
import { createSilence } from './silence.ts';

const HOUR = 3600;
/** The camera speaks every `pause` seconds, the router every minute, so that the house is never quiet. */
const talk = (hours: number, pause: number, isThere = true) => [
  ...times((hours * HOUR) / 60, (i) => datagram(i * 60, router, camera.at('02:00:00:00:00:01').as('192.168.1.250'))),
  ...(isThere ? times((hours * HOUR) / pause, (i) => datagram(i * pause + 7, camera, router)) : []),
];
const heard = (pause: number, then: ReturnType<typeof talk>) => {
  const rule = createSilence();
  watch(rule, talk(12, pause), { learning: true, hasPast: false });
  return watch(rule, then, { learning: false, hasPast: true, after: 12 * HOUR });
};

it('is told of a device that spoke twice a minute and says nothing for hours, once', () => {
  const findings = heard(30, talk(3, 30, false));
  expect(findings.map(({ kind, host }) => [kind, host.address])).toEqual([['silence', camera.address]]);
  expect((findings[0].evidence as { seconds: number }).seconds).toBeGreaterThanOrEqual(HOUR);
});

it('is none of a device that goes on speaking, or that always paused for an hour', () => {
  expect(heard(30, talk(3, 30))).toEqual([]);
  expect(heard(HOUR, talk(3, 30, false))).toEqual([]);
});

it('is none where nobody at all is heard: the sensor was off', () => {
  const late = talk(1, 30).map(({ ts, bytes }) => ({ ts: ts + 20 * HOUR, bytes }));
  expect(heard(30, [datagram(0, router, camera), ...late])).toEqual([]);
});
