import { counted, lasting, said, service, usualCount } from '../fact.ts';
import { defineWords, update, usually } from './kind-words.ts';
import { count, duration, port } from './phrase.ts';

export const flood = defineWords<'flood'>({
  title: 'Flood',
  severity: 'High',
  telling: 5,
  words({ evidence }, context) {
    const { name, target, past } = context;
    // Many call one: the device is the victim here.
    if ('callers' in evidence && evidence.reflected)
      return {
        sentence: `${name} got answers from at least ${count(evidence.callers, 'server')} in ${duration(evidence.seconds)}${evidence.port > 0 ? `, ${port(evidence.port)},` : ''} that it never asked.`,
        meaning: `Somebody asks servers everywhere in the name of ${name}, so that their long answers overload its line.`,
        advice: [
          `See whether ${name} and the line still work.`,
          'If it goes on, ask your provider to filter it, or restart the router for another address.',
        ],
      };
    if ('callers' in evidence) {
      const callers = count(evidence.callers, 'address', 'addresses');
      const before =
        past.seconds > 0
          ? `In the ${duration(past.seconds)} before, it never had so many callers.`
          : 'No home has so many callers.';
      return {
        sentence: `${name} was called by ${callers} in ${duration(evidence.seconds)} on ${port(evidence.port)}. ${before}`,
        meaning: 'Somebody overloads it from many addresses at once; most of them are probably made up.',
        advice: [
          `See whether ${name} still works.`,
          `If they come from the internet, close the way to ${name} in the router: port forwarding and UPnP.`,
          'If it goes on, ask your provider to filter it.',
        ],
      };
    }
    const { unit, usual, usual_seconds: per = 10, seconds, proto } = evidence;
    const noun = proto === 'ping' ? 'ping' : proto === 'arp' ? 'ARP request' : unit.replace(/s$/, '');
    const where = proto === 'service' ? `${target}, ${port(evidence.port)},` : target;
    const amount = count(evidence[unit] ?? 0, noun);
    const what = unit === 'connections' ? `asked for ${amount} to ${where}` : `sent ${amount} to ${where}`;
    return {
      sentence: `${name} ${what} in ${duration(seconds)}. ${usually(usual, `${count(usual, noun)} in ${duration(per)}`, context)}`,
      meaning: 'This overloads the other end: an attack, or a program that has gone wild.',
      advice: [`Restart ${name}; if it goes on, disconnect it.`, update(name)],
    };
  },
  facts: (evidence) =>
    'callers' in evidence
      ? [
          counted('Different callers', evidence.callers),
          service(evidence.port),
          lasting('Within', evidence.seconds),
          usualCount(evidence.usual),
        ]
      : [
          counted(evidence.unit === 'packets' ? 'Packets' : 'Connections', evidence[evidence.unit] ?? 0),
          lasting('Within', evidence.seconds),
          ...(evidence.proto === 'service' ? [service(evidence.port)] : [said('Protocol', evidence.proto)]),
          usualCount(evidence.usual),
        ],
});
