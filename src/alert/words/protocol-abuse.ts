import { counted, lasting, said, usualCount } from './fact.ts';
import { defineWords, disconnect, usually } from './kind-words.ts';
import { count, duration } from './phrase.ts';

export const protocolAbuse = defineWords<'protocol-abuse'>({
  title: 'Misuse of a protocol',
  severity: 'High',
  telling: 9,
  words({ evidence: { protocol, messages, topics, seconds, usual } }, context) {
    const { name, target } = context;
    return {
      sentence: `${name} sent ${target} ${count(messages, `${protocol} message`)} on ${count(topics, 'topic')} in ${duration(seconds)}. ${usually(usual, `${count(usual, 'message')} in 10 seconds`, context)}`,
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
