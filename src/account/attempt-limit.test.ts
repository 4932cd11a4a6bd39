import { expect, test } from 'vitest';
import { AttemptLimit } from './attempt-limit.ts';
import { clientGroup, plainAddress } from './client-address.ts';

let now = 0;
const clock = { now: () => 0, monotonic: () => now };
const refused = { code: 'too_many_attempts' };

const fail = (limit: AttemptLimit, times: number, account: string, address: string): void => {
  for (let i = 0; i < times; i++) {
    try {
      limit.failed(account, address);
    } catch {}
  }
};

test('the addresses of one IPv6 network, and an IPv4 address in IPv6 clothes, are one client (E14)', () => {
  expect(plainAddress('::FFFF:192.0.2.7')).toBe('192.0.2.7');
  expect(plainAddress('fe80::1%eth0')).toBe('fe80::1');
  expect(clientGroup('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
  expect(clientGroup('2001:DB8:1:2::9')).toBe('2001:db8:1:2::/64');
  expect(clientGroup('2001:0db8:0001:0002::')).toBe('2001:db8:1:2::/64');
  expect(clientGroup('2001:db8::1')).toBe('2001:db8:0:0::/64');
  expect(clientGroup('::1')).toBe('0:0:0:0::/64');
  expect(clientGroup('192.0.2.7')).toBe('192.0.2.7');
  const limit = new AttemptLimit(clock);
  fail(limit, 5, 'a@example.org', '2001:db8:1:2::1');
  fail(limit, 5, 'A@Example.org', '2001:db8:1:2:ffff::1');
  expect(() => limit.require('a@example.org', '2001:db8:1:2::7')).toThrow(expect.objectContaining(refused));
  expect(() => limit.require('a@example.org', '2001:db8:1:3::7')).not.toThrow();
});

test('a client that tries many accounts is stopped; time and success let it go on', () => {
  const limit = new AttemptLimit(clock);
  for (let i = 0; i < 50; i++) fail(limit, 1, `${i}@example.org`, '192.0.2.7');
  expect(() => limit.require('new@example.org', '192.0.2.7')).toThrow(expect.objectContaining(refused));
  expect(() => limit.require('new@example.org', '192.0.2.8')).not.toThrow();
  now += 901_000;
  expect(() => limit.require('new@example.org', '192.0.2.7')).not.toThrow();
  fail(limit, 9, 'a@example.org', '192.0.2.7');
  limit.succeeded('a@example.org', '192.0.2.7');
  fail(limit, 9, 'a@example.org', '192.0.2.7');
  expect(() => limit.require('a@example.org', '192.0.2.7')).not.toThrow();
});

test('a million clients cost no more than ten thousand', () => {
  const limit = new AttemptLimit(clock);
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 200_000; i++) fail(limit, 1, 'a', `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024);
});
