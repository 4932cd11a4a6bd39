import { expect, test } from 'vitest';
import { ManualClock } from '../../test/conformance/notify/manual-clock.ts';
import type { Visibility } from '../monitor/server/status-sentence.ts';
import type { Notice } from '../notify/notifier.ts';
import { createVisibilityNotices } from './visibility-notices.ts';

const since = Date.UTC(2026, 9, 16, 14, 2) / 1000;

function setUp() {
  const timers = new ManualClock(since * 1000);
  const told: Notice[] = [];
  const teller = createVisibilityNotices({ announce: (notice) => void told.push(notice), timers, timeZone: 'UTC' });
  // Who is blind sees nothing, unless told that a part is lost.
  const sees = (sight: Omit<Visibility, 'dark'>, dark = sight.state === 'blind') => teller.sees({ ...sight, dark });
  return { timers, sees, sentences: () => told.map(({ severity, sentence }) => `${severity}: ${sentence}`) };
}

test('blindness is told within seconds, once, and its end as well', async () => {
  const { timers, sees, sentences } = setUp();
  sees({ state: 'watching', reason: null, since: since - 60 });
  sees({ state: 'blind', reason: 'eth0 is down', since });
  await timers.advance(1000);
  expect(sentences()).toEqual([]);
  await timers.advance(2000);
  expect(sentences()).toEqual(['High: Guardian cannot see traffic since 14:02: eth0 is down.']);
  sees({ state: 'blind', reason: 'eth0 is gone', since });
  sees({ state: 'starting', reason: null, since: since + 100 });
  sees({ state: 'blind', reason: 'eth0 is gone', since: since + 101 });
  await timers.advance(60_000);
  expect(sentences()).toHaveLength(1);
  sees({ state: 'learning', reason: null, since: since + 300 });
  expect(sentences().slice(1)).toEqual(['High: Guardian sees the traffic again since 14:07.']);
  sees({ state: 'watching', reason: null, since: since + 400 });
  expect(sentences()).toHaveLength(2);
});

test('a blink disturbs nobody', async () => {
  const { timers, sees, sentences } = setUp();
  for (let i = 0; i < 5; i++) {
    sees({ state: 'blind', reason: 'the capture was started again', since: since + i * 10 });
    await timers.advance(1500);
    sees({ state: 'watching', reason: null, since: since + i * 10 + 2 });
    await timers.advance(8000);
  }
  expect(sentences()).toEqual([]);
});

test('attempts in vain do not put it off', async () => {
  const { timers, sees, sentences } = setUp();
  for (let i = 0; i < 3; i++) {
    sees({ state: 'blind', reason: 'eth0 is gone', since: since + i });
    await timers.advance(500);
    sees({ state: 'starting', reason: null, since: since + i });
    await timers.advance(500);
  }
  expect(sentences()).toHaveLength(1);
});

test('from bad to worse is told, from worse to bad is not', async () => {
  const { timers, sees, sentences } = setUp();
  sees({ state: 'degraded', reason: '0.5 % of the packets are lost', since });
  await timers.advance(6000);
  sees({ state: 'blind', reason: '5 % of the packets are lost', since: since + 60 }, false);
  await timers.advance(6000);
  sees({ state: 'degraded', reason: '0.5 % of the packets are lost', since: since + 120 });
  await timers.advance(60_000);
  expect(sentences()).toEqual([
    'Medium: Guardian misses part of the traffic since 14:02: 0.5 % of the packets are lost.',
    'High: Guardian misses part of the traffic since 14:03: 5 % of the packets are lost.',
  ]);
  sees({ state: 'watching', reason: null, since: since + 240 });
  expect(sentences().at(-1)).toBe('High: Guardian sees the traffic again since 14:06.');
});

test('what the owner has switched off is no trouble', async () => {
  const { timers, sees, sentences } = setUp();
  sees({ state: 'blind', reason: 'eth0 is down', since });
  sees({ state: 'off', reason: null, since: since + 1 });
  await timers.advance(60_000);
  expect(sentences()).toEqual([]);
});
