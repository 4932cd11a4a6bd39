import { counted, lasting, service, usualCount } from '../fact.ts';
import { defineWords, disconnect, usually } from './kind-words.ts';
import { count, port } from './phrase.ts';

export const slowDos = defineWords<'slow-dos'>({
  title: 'Blocking a service',
  severity: 'High',
  telling: 7,
  words({ evidence: { open, usual, ...evidence } }, context) {
    const { name, target } = context;
    return {
      sentence: `${name} held up to ${count(open, 'connection')} to ${target}, ${port(evidence.port)}, open without finishing its requests. ${usually(usual, `${count(usual, 'connection')} at once`, context)}`,
      meaning: 'This blocks a service for everybody else with very little traffic.',
      advice: [`See whether ${target} still works for others.`, disconnect(name)],
    };
  },
  facts: ({ open, port, seconds, usual }) => [
    counted('Connections held open, at most', open),
    service(port),
    lasting('Within', seconds),
    usualCount(usual),
  ],
});
