import { counted, lasting, service, sized } from '../fact.ts';
import { defineWords, disconnect, neverBefore } from './kind-words.ts';
import { bytes, count, duration } from './phrase.ts';

export const exfiltration = defineWords<'exfiltration'>({
  title: 'Large upload',
  severity: 'High',
  telling: 6,
  words({ evidence: { usual, seconds, ...evidence } }, context) {
    const { name, target } = context;
    const { addresses = 1 } = evidence;
    const most =
      addresses > 1 ? 'The most that it ever sent to strangers was' : 'Its busiest quarter of an hour so far was';
    const before = usual > 0 ? `${most} ${bytes(usual)}.` : neverBefore(context);
    const to = addresses > 1 ? `${count(addresses, 'address', 'addresses')} that it never looked up` : target;
    return {
      sentence: `${name} sent ${bytes(evidence.bytes)} to ${to} in ${duration(seconds)}. ${before}`,
      meaning: 'Recordings or files may be leaving the house. A backup or a new cloud service looks the same.',
      advice: [
        `Ask whether ${name} makes backups or got a new cloud service.`,
        addresses > 1 ? `Look at the connections of ${name} to see where it went.` : `Look up who owns ${target}.`,
        disconnect(name),
      ],
    };
  },
  facts: ({ bytes, usual, seconds, port, addresses }) => [
    sized('Sent', bytes),
    ...(addresses === undefined ? [] : [counted('Different addresses', addresses)]),
    { ...sized('Usual at most', usual), ...(usual === 0 && { text: 'nothing so far' }) },
    lasting('Within', seconds),
    service(port),
  ],
});
