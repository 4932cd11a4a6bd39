import { counted, lasting, said, sized, ticking } from '../fact.ts';
import { defineWords, disconnect, neverBefore } from './kind-words.ts';
import { bytes, clock, count, duration, interval } from './phrase.ts';

export const dnsTunnel = defineWords<'dns-tunnel'>({
  title: 'Data hidden in name look-ups',
  severity: 'High',
  telling: 9,
  words({ evidence, since }, context) {
    const { name } = context;
    const { domain, names } = evidence;
    const advice = [`Look up who owns ${domain}.`, disconnect(name)];
    return 'period' in evidence
      ? {
          sentence: `${name} asks for another name under ${domain} every ${interval(evidence.period)} (± ${interval(evidence.jitter)}) since ${clock(since)} UTC, ${count(names, 'time')} so far. ${neverBefore(context)}`,
          meaning: 'Malware may fetch its orders hidden in name look-ups. Some virus scanners ask like this as well.',
          advice,
        }
      : {
          sentence: `${name} asked for ${count(names, 'different name')} under ${domain} in ${duration(evidence.seconds)}, ${bytes(evidence.bytes)} of text. ${neverBefore(context)}`,
          meaning: 'Data may be leaving the house hidden in name look-ups. Some virus scanners ask like this as well.',
          advice,
        };
  },
  facts: (evidence) => [
    said('Domain', evidence.domain),
    counted('Different names', evidence.names),
    ...('period' in evidence
      ? [ticking('Every', evidence.period), ticking('Varies by', evidence.jitter)]
      : [sized('Text in the names', evidence.bytes), lasting('Within', evidence.seconds)]),
  ],
});
