import { counted, lasting, service, usualCount } from '../fact.ts';
import { defineWords, disconnect, usually } from './kind-words.ts';
import { count, duration, port } from './phrase.ts';

export const bruteForce = defineWords<'brute-force'>({
  title: 'Guessing passwords',
  severity: 'High',
  telling: 9,
  words({ evidence: { attempts, refused, usual, seconds, ...evidence } }, context) {
    const { name, target } = context;
    const end = refused > 0 ? `${count(refused, 'was', 'were')} refused` : 'none is known to have worked so far';
    return {
      sentence: `${name} tried ${count(attempts, 'login')} on ${target}, ${port(evidence.port)}, in ${duration(seconds)}; ${end}. ${usually(usual, `${count(usual, 'login')} a minute`, context)}`,
      meaning:
        'Somebody is probably guessing passwords. A device with an old stored password does the same, but slower.',
      advice: [
        `Check that ${target} has a strong password of its own.`,
        disconnect(name),
        `Look at the log of ${target} for a login that worked.`,
      ],
    };
  },
  facts: ({ attempts, refused, port, seconds, usual }) => [
    counted('Logins tried', attempts),
    counted('Logins refused', refused),
    service(port),
    lasting('Within', seconds),
    usualCount(usual),
  ],
});
