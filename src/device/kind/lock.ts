import { DECLARED, defineKind, homeKit, LIKELY, NAMES, TELLING } from './rule.ts';

export const lock = defineKind({
  kind: 'lock',
  title: 'Lock',
  rules: [
    homeKit(6),
    { in: NAMES, match: /smart ?lock|door ?lock|\block\b/i, weight: DECLARED, why: 'calls itself a lock' },
    {
      in: NAMES,
      match: /schlage|lockly|\baugust|nuki|yale ?(?:access|connect)|danalock|tedee|kwikset|\bulock/i,
      weight: LIKELY,
      why: 'a name of locks',
    },
    {
      in: 'vendor',
      match:
        /schlage|allegion|assa abloy|nuki|lockly|pin genie|august home|kwikset|u-?tec group|danalock|\bpoly-?control|tedee/i,
      weight: LIKELY,
      why: 'the maker mostly makes locks',
    },
    {
      in: 'lookup',
      match:
        /(?:^|\.)(?:august\.com|aaecosystem\.com|nuki\.io|allegion\.(?:com|yonomi\.cloud)|schlage\.com|lockly\.com|pingenie\.com|u-tec\.com|tedee\.com)$/i,
      weight: TELLING,
      why: 'uses a cloud of locks',
    },
  ],
});
