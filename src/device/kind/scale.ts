import { DECLARED, defineKind, HINT, LIKELY, NAMES, TELLING } from './rule.ts';

export const scale = defineKind({
  kind: 'scale',
  title: 'Scale',
  rules: [
    {
      in: NAMES,
      match: /(?:smart|body|bathroom|wi-?fi)[ _-]?scale|\bscale\b/i,
      weight: TELLING,
      why: 'calls itself a scale',
    },
    { in: 'request', match: /fitbit\.com\/scale/i, weight: DECLARED, why: 'reports weights to', brand: 'Fitbit' },
    { in: 'lookup', match: /^scale\w*\.withings\.(?:net|com)$/i, weight: TELLING, why: 'speaks to', brand: 'Withings' },
    {
      in: 'lookup',
      match: /(?:^|\.)fitbit\.com$/i,
      and: { in: 'vendor', match: /delta electronics|gainspan|fitbit/i },
      weight: LIKELY,
      why: 'a fixed device that speaks to Fitbit',
      brand: 'Fitbit',
    },
    { in: 'vendor', match: /withings|nokia technologies health/i, weight: HINT, why: 'the maker mostly makes scales' },
    {
      in: NAMES,
      match: /\baria[ _-]?\d?\b|\bWBS\d{2}\b|garmin ?index|qardiobase|renpho|eufy ?(?:smart ?)?scale/i,
      weight: LIKELY,
      why: 'a name of scales',
    },
  ],
});
