import { counted, said, service } from '../fact.ts';
import { defineWords, disconnect } from './kind-words.ts';
import { clock, count, duration, port } from './phrase.ts';

const WEEK = 7 * 86_400;

export const newDestination = defineWords<'new-destination'>({
  title: 'New destination',
  severity: 'Low',
  telling: 1,
  words({ evidence, ts }, { name, target }) {
    const at = `at ${clock(ts)} UTC`;
    if ('listed' in evidence) {
      return {
        sentence: `${name} contacted ${evidence.listed} ${at}, which is on your list ${evidence.list}.`,
        meaning: 'You, or whoever made the list, do not want that.',
        advice: [`Find out which app on ${name} does it.`, disconnect(name)],
      };
    }
    const what =
      evidence.port === undefined
        ? `talked to ${target} (${evidence.place}) ${at}, a place that it had never contacted`
        : `used ${port(evidence.port)} of ${target} ${at}, a service that it had never used`;
    const hours = count(evidence.hours, 'hour');
    return {
      sentence: `${name} ${what}. In the ${hours} before in which it was active, something was new to it less than once in ${duration(WEEK / evidence.new_per_week)}.`,
      meaning:
        'Probably harmless: manufacturers move their servers. A device that was taken over calls new places as well.',
      advice: [`Ask whether ${name} was updated or got a new app or service.`, `Look up who owns ${target}.`],
    };
  },
  facts: (evidence) =>
    'listed' in evidence
      ? [said('Listed', evidence.listed), said('On your list', evidence.list)]
      : [
          ...(evidence.place === undefined ? [] : [said('Place', evidence.place)]),
          ...(evidence.port === undefined ? [] : [service(evidence.port)]),
          counted('Hours in which it was active before', evidence.hours),
          counted('Times a week that something is new to it, at most', evidence.new_per_week),
        ],
});
