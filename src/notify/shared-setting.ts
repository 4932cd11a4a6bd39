/** Settings that several channels have, declared once. */
import { z } from 'zod';

export const httpUrl = z.url({ protocol: /^https?$/ }).max(2000);

export const certificateAuthority = z
  .string()
  .max(100_000)
  .regex(/-----BEGIN CERTIFICATE-----/)
  .optional()
  .describe('Certificate (PEM) of the authority to trust, where the server has no public certificate.');
