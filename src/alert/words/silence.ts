import { lasting } from '../fact.ts';
import { defineWords } from './kind-words.ts';
import { duration } from './phrase.ts';

export const silence = defineWords<'silence'>({
  title: 'Silence',
  severity: 'Medium',
  telling: 1,
  coolDown: 86_400,
  words: ({ evidence: { seconds, longest } }, { name }) => ({
    sentence: `${name} has said nothing for ${duration(seconds)}; its longest pause so far was ${duration(longest)}.`,
    meaning: 'It may be switched off, out of power or out of reach.',
    advice: [`Check power and connection of ${name}.`],
  }),
  facts: ({ seconds, usual, longest }) => [
    lasting('Silent for', seconds),
    lasting('Longest pause so far', longest),
    lasting('Usual pause', usual),
  ],
});
