import { counted, lasting, said, service, sized, ticking } from '../fact.ts';
import { defineWords, disconnect, neverBefore, update } from './kind-words.ts';
import { bytes, clock, count, duration, interval } from './phrase.ts';

/** What is known of the other end. */
const acquaintances = {
  named: 'its name was looked up',
  bare: 'called without looking up a name',
  unknown: 'look-ups are not seen',
} as const;

export const beacon = defineWords<'beacon'>({
  title: 'Regular calls',
  severity: 'Medium',
  telling: 4,
  coolDown: 86_400,
  words({ evidence, since }, context) {
    const { name, target } = context;
    if ('calls' in evidence) {
      const whom =
        evidence.addresses === 1 ? target : count(evidence.addresses, 'unknown address', 'unknown addresses');
      return {
        sentence: `${name} called ${whom} ${count(evidence.calls, 'time')} in ${duration(evidence.seconds)} and got no answer. ${neverBefore(context)}`,
        meaning:
          'Malware whose command server is gone keeps calling it. So does a device whose manufacturer has moved its servers.',
        advice: [
          `Look up who owns the address, and whether the manufacturer of ${name} mentions it.`,
          disconnect(name),
          update(name),
        ],
      };
    }
    const { period, jitter, times, acquaintance, inside, sized: isSized } = evidence;
    const does = inside
      ? `sends a message to ${target} within one connection`
      : isSized
        ? `sends about ${bytes(evidence.bytes)} to ${target}`
        : `contacts ${target}`;
    const all = evidence.events === undefined ? '' : ` (${count(evidence.events, inside ? 'message' : 'connection')})`;
    return {
      sentence: `${name} ${does} every ${interval(period)} (± ${interval(jitter)}) since ${clock(since)} UTC, ${count(times, 'time')} so far${all}. ${neverBefore(context)}`,
      meaning:
        acquaintance === 'bare'
          ? 'Malware reports to its command server like this. Manufacturers’ services are normally reached by name; nobody here has looked up a name for this address.'
          : 'Malware reports to its command server like this. Many cloud services of honest devices do so as well.',
      advice: [`Look up who owns ${target}.`, `Ask whether ${name} got a new app or service.`, disconnect(name)],
    };
  },
  facts: (evidence) =>
    'calls' in evidence
      ? [
          counted('Calls', evidence.calls),
          counted('Different addresses', evidence.addresses),
          service(evidence.port),
          lasting('Within', evidence.seconds),
        ]
      : [
          ticking('Every', evidence.period),
          ticking('Varies by', evidence.jitter),
          counted('Times so far', evidence.times),
          ...(evidence.events === undefined
            ? []
            : [counted(evidence.inside ? 'Messages so far' : 'Connections so far', evidence.events)]),
          service(evidence.port),
          sized('Sent each time', evidence.bytes),
          said('Did the other end answer', evidence.answered === 1 ? 'yes' : 'no'),
          said('The other end', acquaintances[evidence.acquaintance]),
        ],
});
