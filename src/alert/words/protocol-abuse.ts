import { counted, lasting, said, usualCount } from '../fact.ts';
import { defineWords, disconnect, usually } from './kind-words.ts';
import { count, duration } from './phrase.ts';

export const protocolAbuse = defineWords<'protocol-abuse'>({
  title: 'Misuse of a protocol',
  severity: 'High',
  telling: 9,
  words({ evidence: { protocol, messages, topics, connections, seconds, usual } }, context) {
    const { name, target } = context;
    const on = topics > 0 ? ` on ${count(topics, 'topic')}` : '';
    const within = connections > 1 ? ` within ${count(connections, 'connection')}` : '';
    return {
      sentence: `${name} sent ${target} ${count(messages, `${protocol} message`)}${on}${within} in ${duration(seconds)}. ${usually(usual, `${count(usual, 'message')} in 10 seconds`, context)}`,
      meaning: `${protocol} is being misused to overload ${target} or to confuse the devices that listen to it.`,
      advice: [`Give ${target} a password, if it has none.`, disconnect(name)],
    };
  },
  facts: ({ protocol, messages, topics, connections, seconds, usual }) => [
    said('Protocol', protocol),
    counted('Messages', messages),
    counted('Topics', topics),
    counted('Connections', connections),
    lasting('Within', seconds),
    usualCount(usual),
  ],
});
