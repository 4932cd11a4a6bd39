import { expect, it } from 'vitest';
import { call } from '../../../../test/attack/conversation.ts';
import { findingsOf, named, times } from '../../../../test/attack/one-rule.ts';
import { asks, camera, laptop, phone, router } from '../../../../test/ordinary/station.ts';
import { createInsistence } from './insistence.ts';

it('sees the same SYN again and again by the clock, and not the seven of a device that is off', () => {
  const forged = times(40, (ts) => call(ts, { client: phone, server: camera, port: 9999 }));
  expect(named(findingsOf(createInsistence(), forged))).toEqual([['beacon', phone.address, camera.address]]);
  const backOff = [0, 1, 3, 7, 15, 31, 63].flatMap((ts) => call(ts, { client: phone, server: camera, port: 443 }));
  expect(findingsOf(createInsistence(), backOff)).toEqual([]);
});

it('sees ten ARP requests a second for minutes, and neither a ping of the dead nor a router that asks around', () => {
  const forged = times(2000, (i) => asks(i / 10, phone, camera));
  expect(named(findingsOf(createInsistence(), forged))).toEqual([['flood', phone.address, camera.address]]);
  expect(
    findingsOf(
      createInsistence(),
      times(300, (ts) => asks(ts, laptop, camera)),
    ),
  ).toEqual([]);
  const around = times(200, (i) => [phone, laptop, camera].map((one) => asks(i, router, one)));
  expect(findingsOf(createInsistence(), around)).toEqual([]);
});
