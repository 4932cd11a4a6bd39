import { DECLARED, defineKind, NAMES, TELLING } from './rule.ts';

export const tablet = defineKind({
  kind: 'tablet',
  title: 'Tablet',
  rules: [
    {
      in: NAMES,
      match:
        /\bi-?pad\b|galaxy[ _-]?tab|\btablet\b|kindle|fire[ _-]?hd|\bSM-[TXP]\d{3}|\bKF[A-Z]{4}\b|kobo|remarkable/i,
      weight: TELLING + 0.05,
      why: 'a name of tablets',
    },
    { in: 'mdns_text', match: /model=iPad/i, weight: DECLARED, why: 'declares its model' },
  ],
});
