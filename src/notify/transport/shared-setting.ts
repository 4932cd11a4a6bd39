/** Settings that several channels have, declared once. */
import { z } from 'zod';

/** A URL is shown and logged, so no password may stand in it. */
export const withoutLogin = (url: string): boolean => {
  const parsed = URL.parse(url);
  return !parsed || (parsed.username === '' && parsed.password === '');
};
export const LOGIN_IN_URL = { error: 'A login does not belong into an address: others see it there.' };

export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'is not an address that begins with https:// or http://' })
  .max(2000)
  .refine(withoutLogin, LOGIN_IN_URL)
  .meta({ title: 'Address' });

export const certificateAuthority = z
  .string()
  .max(100_000)
  .regex(/-----BEGIN CERTIFICATE-----/, { error: 'is not a certificate in PEM form' })
  .optional()
  .meta({ title: 'Certificate', long: true })
  .describe('Certificate (PEM) of the authority to trust, where the server has no public certificate.');
