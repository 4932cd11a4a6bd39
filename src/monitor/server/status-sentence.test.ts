import { expect, test } from 'vitest';
import { sentenceOf } from './status-sentence.ts';

type Standing = Parameters<typeof sentenceOf>[0];
const quiet: Standing = {
  ...{
    state: 'watching',
    reason: null,
    since: 1_790_000_000,
    dark: false,
    learned_seconds: 86_400,
    learn_seconds: 86_400,
  },
  devices: { known: 14, online: 12, monitored: 14, learning: 0, at_risk: 0 },
};
const say = (change: Partial<Standing>, devices: Partial<Standing['devices']> = {}): string =>
  sentenceOf({ ...quiet, ...change, devices: { ...quiet.devices, ...devices } });

test.each([
  ['All 14 devices behave as usual.', say({})],
  ['1 device needs attention.', say({}, { at_risk: 1 })],
  ['3 devices need attention.', say({ state: 'learning' }, { at_risk: 3 })],
  [
    'Still getting to know 3 of 14 devices, about 5 hours left.',
    say({ state: 'learning', learned_seconds: 86_400 - 5 * 3600 }, { learning: 3 }),
  ],
  ['Still getting to know 1 of 14 devices.', say({}, { learning: 1 })],
  ['No device has been seen yet.', say({}, { known: 0 })],
  ['No device is monitored: Guardian reports nothing.', say({}, { monitored: 0 })],
  ['12 of 14 devices behave as usual; the others are not monitored.', say({}, { monitored: 12 })],
  ['Nothing is being watched.', say({ state: 'off' })],
])('%s', (expected, sentence) => expect(sentence).toBe(expected));

test('that nothing is seen comes before everything else', () => {
  for (const state of ['degraded', 'blind'] as const) {
    const sentence = say({ state, dark: true, reason: 'the link of eth0 is down' }, { at_risk: 2 });
    expect(sentence).toMatch(/^Guardian cannot see traffic since \d\d:\d\d: the link of eth0 is down\.$/);
  }
});

test('where only a part is lost, that is said', () => {
  const lossy = say({ state: 'blind', reason: '5 % of the packets are lost' });
  expect(lossy).toMatch(/^Guardian misses part of the traffic since \d\d:\d\d: 5 % of the packets are lost\.$/);
});
