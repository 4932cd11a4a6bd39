import { defineKind, LIKELY, NAMES, TELLING } from './rule.ts';

export const gameConsole = defineKind({
  kind: 'console',
  title: 'Game console',
  rules: [
    {
      in: NAMES,
      match: /playstation|\bps[345]\b|xbox|nintendo|\bwii\b|steam ?deck/i,
      weight: TELLING,
      why: 'a name of game consoles',
    },
    {
      in: 'vendor',
      match: /nintendo|sony interactive|sony computer/i,
      weight: TELLING,
      why: 'the maker makes game consoles',
    },
    {
      in: 'lookup',
      match: /(?:^|\.)(?:playstation\.net|nintendo\.net|xboxlive\.com)$/i,
      weight: LIKELY - 0.2,
      why: 'uses a cloud of game consoles',
    },
  ],
});
