import { DECLARED, defineKind, NAMES, TELLING } from './rule.ts';

export const siren = defineKind({
  kind: 'siren',
  title: 'Siren',
  rules: [
    { in: NAMES, match: /\bsiren\b|alarm ?(?:panel|system)|chime/i, weight: DECLARED, why: 'calls itself a siren' },
    { in: NAMES, match: /\bDCH-S2\d{2}/i, weight: TELLING, why: "model numbers of D-Link's sirens begin with DCH-S2" },
  ],
});
