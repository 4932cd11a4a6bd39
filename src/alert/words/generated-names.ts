import { counted, lasting, said } from '../fact.ts';
import { defineWords, disconnect, neverBefore, update } from './kind-words.ts';
import { count, duration } from './phrase.ts';

export const generatedNames = defineWords<'generated-names'>({
  title: 'Made-up names',
  severity: 'High',
  telling: 9,
  words({ evidence: { names, example, seconds } }, context) {
    const { name } = context;
    return {
      sentence: `${name} asked for ${count(names, 'name')} that do not exist, such as ${example}, in ${duration(seconds)}. ${neverBefore(context)}`,
      meaning: 'Malware tries made-up names to find its command server.',
      advice: [disconnect(name), update(name)],
    };
  },
  facts: ({ names, example, seconds }) => [
    counted('Different names', names),
    said('One of the names', example),
    lasting('Within', seconds),
  ],
});
