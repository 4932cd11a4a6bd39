import { getCiphers } from 'node:tls';
import { expect, it } from 'vitest';
import { cipherSuiteName } from './cipher-suites.ts';

it('names suites as Zeek does', () => {
  expect([0xc02c, 0x1301, 0x002f, 0xcca9, 0xc0ae].map(cipherSuiteName)).toEqual([
    'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
    'TLS_AES_128_GCM_SHA256',
    'TLS_RSA_WITH_AES_128_CBC_SHA',
    'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
    'TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8',
  ]);
  expect(cipherSuiteName(0xfefe)).toBe('unknown-65278');
});

it('has every name once, the suites of TLS 1.3 among them', () => {
  const known = Array.from({ length: 1 << 16 }, (_, suite) => cipherSuiteName(suite)).filter(
    (name) => !name.startsWith('unknown-'),
  );
  expect(new Set(known).size).toBe(known.length);
  for (const suite of getCiphers().filter((name) => name.startsWith('tls_')))
    expect(known).toContain(suite.toUpperCase());
});
