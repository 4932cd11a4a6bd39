import { expect, test } from 'vitest';
import { registeredDomain } from './registered-domain.ts';

test.each([
  ['data.x1y.io', 'x1y.io'],
  ['a.b.example.co.uk', 'example.co.uk'],
  ['co.uk', 'co.uk'],
  ['a.home.duckdns.org', 'home.duckdns.org'],
  ['tv.lan', 'tv.lan'],
  ['a.b.local', 'b.local'],
  ['printer', 'printer'],
])('%s is registered as %s', (name, domain) => {
  expect(registeredDomain(name)).toBe(domain);
});
