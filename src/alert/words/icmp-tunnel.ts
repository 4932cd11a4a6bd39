import { counted, lasting, sized } from '../fact.ts';
import { defineWords, disconnect, neverBefore } from './kind-words.ts';
import { bytes, count, duration } from './phrase.ts';

export const icmpTunnel = defineWords<'icmp-tunnel'>({
  title: 'Data hidden in pings',
  severity: 'High',
  telling: 9,
  words({ evidence: { packets, seconds, ...evidence } }, context) {
    const { name, target } = context;
    return {
      sentence: `${name} and ${target} exchanged ${bytes(evidence.bytes)} in ${count(packets, 'ping')} in ${duration(seconds)}. ${neverBefore(context)}`,
      meaning:
        'A ping carries no message of its own; these do. Data may be leaving the house, or somebody controls the device past the firewall.',
      advice: [
        `Ask whether somebody runs a tunnel or a network test on ${name}.`,
        `Look up who owns ${target}.`,
        disconnect(name),
      ],
    };
  },
  facts: ({ packets, bytes, changed, seconds }) => [
    counted('Pings with data', packets),
    sized('Data in them', bytes),
    counted('Replies that differ from their request', changed),
    lasting('Within', seconds),
  ],
});
