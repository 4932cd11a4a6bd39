import { expect, test } from 'vitest';
import { reachableUrl } from './reachable-url.ts';

const address = (text: string, internal = false) =>
  ({
    address: text,
    family: text.includes(':') ? 'IPv6' : 'IPv4',
    internal,
    netmask: '',
    mac: '',
    cidr: null,
  }) as const;
const own = { lo: [address('127.0.0.1', true)], eth0: [address('fe80::1'), address('192.168.1.5')] };

test('a link leads to an address that a phone can reach where there is one', () => {
  expect(reachableUrl('http://127.0.0.1:5000', [], own as never)).toBe('http://localhost:5000');
  expect(reachableUrl('http://192.168.1.5:5000', [], own as never)).toBe('http://192.168.1.5:5000');
  expect(reachableUrl('http://0.0.0.0:5000', [], own as never)).toBe('http://192.168.1.5:5000');
  expect(reachableUrl('http://[::]:5000', ['guardian.home'], own as never)).toBe('http://guardian.home:5000');
  expect(reachableUrl('http://0.0.0.0:5000', [], {})).toBe('http://localhost:5000');
});
