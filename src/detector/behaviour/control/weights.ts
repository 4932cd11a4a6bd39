/**
 * How often ordinary traffic shows each sign of remote control: pairs of a device and another end. Written by
 * scripts/calibrate-remote-control.ts.
 */
import type { Place, Sign } from './sign-names.ts';

export const benignPairs: Record<Place, number> = { outside: 2121, inside: 300 };

export const benignSigns: Partial<Record<Sign, Record<Place, number>>> = {
  'no-lookup': { outside: 417, inside: 0 },
  'never-named': { outside: 54, inside: 0 },
  'dynamic-name': { outside: 110, inside: 0 },
  'nameless-tls': { outside: 241, inside: 0 },
  'odd-tls': { outside: 66, inside: 0 },
  'self-signed': { outside: 1, inside: 0 },
  'expired-certificate': { outside: 39, inside: 0 },
  'other-certificate': { outside: 13, inside: 0 },
  'no-tls': { outside: 1, inside: 4 },
  'other-protocol': { outside: 3, inside: 16 },
  'odd-port': { outside: 46, inside: 0 },
  'unknown-protocol': { outside: 63, inside: 48 },
  'bare-http': { outside: 29, inside: 0 },
  'bare-post': { outside: 1, inside: 0 },
  executable: { outside: 30, inside: 0 },
  'plain-agent': { outside: 76, inside: 4 },
  clock: { outside: 104, inside: 62 },
  'keep-alive': { outside: 56, inside: 0 },
  'one-sided': { outside: 35, inside: 11 },
  'remote-service': { outside: 0, inside: 1 },
  refused: { outside: 0, inside: 3 },
  unanswered: { outside: 22, inside: 1 },
  'file-upload': { outside: 0, inside: 1 },
};

/** Nats from which on it is told: above all of these pairs, with a margin. */
export const CUT = 8.2;
