import { DECLARED, defineKind, LIKELY, NAMES, TELLING } from './rule.ts';

export const networkSwitch = defineKind({
  kind: 'switch',
  title: 'Network switch',
  rules: [
    { in: 'lldp', match: /capability=bridge/, weight: TELLING - 0.1, why: 'says so by LLDP' },
    {
      in: NAMES,
      match:
        /\b(?:DGS|DES|DXS)-\d{4}|\bGS\d{3}[A-Z]*(?:E|T|P)?\b|\bTL-SG\d|\bSG\d{3}-\d|catalyst|procurve|\bUSW-|switch (?:flex|lite|pro)\b/i,
      weight: TELLING,
      why: 'a name of network switches',
    },
    {
      in: NAMES,
      match: /(?:managed|ethernet|gigabit|network)[ _-]switch/i,
      weight: DECLARED,
      why: 'calls itself a switch',
    },
    {
      in: 'vendor',
      match: /extreme networks|brocade|allied telesis/i,
      weight: LIKELY,
      why: 'the maker mostly makes switches',
    },
  ],
});
