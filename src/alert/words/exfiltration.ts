import { lasting, service, sized } from '../fact.ts';
import { defineWords, disconnect, neverBefore } from './kind-words.ts';
import { bytes, duration } from './phrase.ts';

export const exfiltration = defineWords<'exfiltration'>({
  title: 'Large upload',
  severity: 'High',
  telling: 6,
  words({ evidence: { usual, seconds, ...evidence } }, context) {
    const { name, target } = context;
    const before = usual > 0 ? `Its busiest quarter of an hour so far was ${bytes(usual)}.` : neverBefore(context);
    return {
      sentence: `${name} sent ${bytes(evidence.bytes)} to ${target} in ${duration(seconds)}. ${before}`,
      meaning: 'Recordings or files may be leaving the house. A backup or a new cloud service looks the same.',
      advice: [
        `Ask whether ${name} makes backups or got a new cloud service.`,
        `Look up who owns ${target}.`,
        disconnect(name),
      ],
    };
  },
  facts: ({ bytes, usual, seconds, port }) => [
    sized('Sent', bytes),
    { ...sized('Usual at most', usual), ...(usual === 0 && { text: 'nothing so far' }) },
    lasting('Within', seconds),
    service(port),
  ],
});
