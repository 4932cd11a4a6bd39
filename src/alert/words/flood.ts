import { counted, lasting, said, service, usualCount } from './fact.ts';
import { defineWords, update, usually } from './kind-words.ts';
import { count, duration, port } from './phrase.ts';

export const flood = defineWords<'flood'>({
  title: 'Flood',
  severity: 'High',
  telling: 5,
  words({ evidence }, context) {
    const { name, target, past } = context;
    // Many call one: the device is the victim here.
    if ('callers' in evidence) {
      const callers = count(evidence.callers, 'address', 'addresses');
      const before =
        past.seconds > 0
          ? `In ${duration(past.seconds)} before, it never had so many callers.`
          : 'No home has so many callers.';
      return {
        sentence: `${name} was called by at least ${callers} in ${duration(evidence.seconds)} on ${port(evidence.port)}. ${before}`,
        meaning: 'Somebody overloads it from many addresses at once; most of them are probably made up.',
        advice: [
          `See whether ${name} still works.`,
          `If they come from the internet, close the way to ${name} in the router: port forwarding and UPnP.`,
          'If it goes on, ask your provider to filter it.',
        ],
      };
    }
    const { unit, usual, seconds, proto } = evidence;
    const per = seconds === 1 ? 'a second' : `in ${duration(seconds)}`;
    const does = unit === 'connections' ? 'opens' : 'sends';
    const isPing = proto === 'ping';
    const noun = isPing ? 'ping' : unit.replace(/s$/, '');
    const where = isPing ? target : `${target}, ${port(evidence.port)}`;
    return {
      sentence: `${name} ${does} ${count(evidence[unit] ?? 0, noun)} ${per} to ${where}. ${usually(usual, `${count(usual, noun)} ${per}`, context)}`,
      meaning: 'This overloads the other end: an attack, or a program that has gone wild.',
      advice: [`Restart ${name}; if it goes on, disconnect it.`, update(name)],
    };
  },
  facts: (evidence) =>
    'callers' in evidence
      ? [
          counted('Different callers, at least', evidence.callers),
          service(evidence.port),
          lasting('Within', evidence.seconds),
          usualCount(evidence.usual),
        ]
      : [
          counted(evidence.unit === 'packets' ? 'Packets' : 'Connections', evidence[evidence.unit] ?? 0),
          lasting('Within', evidence.seconds),
          ...(evidence.proto === 'ping' ? [said('Protocol', 'ping')] : [service(evidence.port)]),
          usualCount(evidence.usual),
        ],
});
