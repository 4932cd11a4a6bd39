/**
 * Weak signs that another machine controls a device. Each says little: honest software shows every one of them now and
 * then. How often was counted on ordinary traffic (`weights.ts`), and that decides what a sign is worth.
 */
import { type Place, type Sign, signNames } from './sign-names.ts';
import { benignPairs, benignSigns } from './weights.ts';

/** Of signs that mostly come together one counts: the one that says most. */
const groups: readonly (readonly Sign[])[] = [
  ['no-lookup', 'never-named', 'nameless-tls', 'bare-http', 'bare-post'],
  ['self-signed', 'expired-certificate', 'other-certificate'],
  // Cameras send their pictures by protocols of their own.
  ['no-tls', 'other-protocol', 'odd-port', 'unknown-protocol', 'one-sided'],
  ['clock', 'keep-alive'],
  ['refused', 'unanswered'],
];

/** How often a machine under control shows a sign. Nobody knows; it is no more than a moderate guess for all alike. */
const CONTROLLED = 0.25;

/** Nobody's ordinary traffic is all ordinary traffic: what was never seen there may well be one in a thousand. */
const LEAST_SHARE = 1e-3;

/** Log-likelihood ratio of a sign: nats for control. */
export function weightOf(sign: Sign, place: Place): number {
  const share = Math.max(LEAST_SHARE, ((benignSigns[sign]?.[place] ?? 0) + 0.5) / (benignPairs[place] + 1));
  return Math.max(0, Math.log(CONTROLLED / share));
}

const weights: Record<Place, Float64Array> = {
  outside: Float64Array.from(signNames, (sign) => weightOf(sign, 'outside')),
  inside: Float64Array.from(signNames, (sign) => weightOf(sign, 'inside')),
};

/** Machines of a house have addresses and no names, and their pages vouch for themselves: no signs there. */
const outsideOnly = new Set<Sign>([
  ...(['nameless-tls', 'odd-tls', 'self-signed', 'expired-certificate', 'other-certificate', 'odd-port'] as const),
  ...(['bare-http', 'bare-post'] as const),
]);
export const counts = (sign: Sign, place: Place): boolean => place === 'outside' || !outsideOnly.has(sign);

export const bitOf = (sign: Sign): number => 1 << signNames.indexOf(sign);
const groupBits = groups.map((signs) => signs.reduce((bits, sign) => bits | bitOf(sign), 0));
const grouped = groupBits.reduce((bits, group) => bits | group, 0);

/** Nats of all signs together. */
export function sumOf(bits: number, place: Place): number {
  const own = weights[place];
  let sum = 0;
  for (let i = 0; i < signNames.length; i++) if (bits & (1 << i) & ~grouped) sum += own[i];
  for (const group of groupBits) {
    let most = 0;
    for (let i = 0; i < signNames.length; i++) if (bits & group & (1 << i) && own[i] > most) most = own[i];
    sum += most;
  }
  return sum;
}

/** The signs by name, the weightiest first. */
export const namesOf = (bits: number, place: Place): Sign[] =>
  signNames
    .filter((_, i) => bits & (1 << i))
    .sort((a, b) => weights[place][signNames.indexOf(b)] - weights[place][signNames.indexOf(a)]);
