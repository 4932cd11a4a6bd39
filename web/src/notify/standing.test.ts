import { expect, test } from 'vitest';
import type { Notifications } from '../../../src/api/contract.ts';
import { standingOf } from './standing.ts';

type Channel = Notifications['channels'][number];
const standing = (...channels: Partial<Channel>[]) => standingOf({ channels } as unknown as Notifications);
const phone = { name: 'phone', enabled: true, failing: null, last_failed: false } as unknown as Channel;

test('nobody is told without a channel that is switched on', () => {
  expect(standing().state).toBe('none');
  expect(standing({ ...phone, enabled: false })).toEqual({
    ...{ state: 'none', sentence: 'Nobody is told when something is wrong.' },
  });
});

test('a channel that takes nothing is said before those that do', () => {
  expect(standing(phone, { ...phone, last_failed: true } as unknown as Channel)).toEqual({
    ...{ state: 'failing', sentence: '1 channel of 2 takes no messages.' },
  });
});

test('one channel is named, more are counted', () => {
  expect(standing(phone).sentence).toBe('Alerts go to “phone”.');
  expect(standing(phone, phone).sentence).toBe('Alerts go to 2 channels.');
});
