/**
 * Floods from everywhere: a service at home that far more addresses call for the first time within a second than any
 * home has callers. Made-up senders come once each, so no one of them stands out; the service does.
 */
import { DampedSums, SECOND } from '../../../feature/damped.ts';
import { getOrCreate } from '../../keyed.ts';
import type { Behaviour } from '../behaviour.ts';
import { PAST_FACTOR, type SavedUsual, Usual } from './usual.ts';

/** New callers within about a second. The busiest honest service at home, a file-sharing program, has some dozens. */
const CALLERS = 300;
/** Services that are watched at once; of more the one that was called first is forgotten. */
const MOST_SERVICES = 1024;
/** After so much quiet another flood begins. Seconds. */
const QUIET = 10;
/** Told again when it has grown by so much: numbers stay true within it. */
const GROWTH = 1.01;

interface Crowd {
  callers: DampedSums;
  /** All of them, since it began. */
  count: number;
  since: number;
  last: number;
  /** How many it was told with last, and when that was. */
  told: number;
  toldAt: number;
}

export function createCrowd(): Behaviour {
  const crowds = new Map<string, Crowd>();
  const usual = new Usual();

  return {
    name: 'crowd',
    start({ channel }, context) {
      const { resp, port, proto, count } = channel;
      if (count !== 1 || resp.scope !== 'local' || channel.orig === resp) return;
      const { ts } = context;
      const service = `${resp.address}:${port}:${proto}`;
      if (crowds.size >= MOST_SERVICES && !crowds.has(service)) crowds.delete(crowds.keys().next().value!);
      const crowd = getOrCreate(crowds, service, () => ({
        ...{ callers: new DampedSums(), count: 0, since: ts, last: ts },
        ...{ told: 0, toldAt: Number.NEGATIVE_INFINITY },
      }));
      if (ts - crowd.last > QUIET) Object.assign(crowd, { since: ts, count: 0, told: 0 });
      crowd.count++;
      crowd.last = ts;
      crowd.callers.add(ts, 1);
      const inOne = crowd.callers.at(ts, SECOND);
      const key = `callers ${resp.address}:${port}`;
      // A flood that comes while learning is nobody's past.
      if (context.learning && inOne < CALLERS) usual.learn(key, inOne);
      const past = context.learning ? 0 : (usual.of(key) ?? 0);
      const ratio = inOne / Math.max(CALLERS, PAST_FACTOR * past);
      if (ratio < 1 || (crowd.count < GROWTH * crowd.told && ts - crowd.toldAt < 1)) return;
      crowd.told = crowd.count;
      crowd.toldAt = ts;
      context.report({
        kind: 'flood',
        detector: 'flood',
        host: resp,
        target: null,
        ts,
        since: crowd.since,
        strength: Math.log(ratio),
        evidence: {
          callers: crowd.count,
          seconds: ts - crowd.since,
          port,
          usual: Math.round(past),
        },
      });
    },
    save: () => usual.save(),
    load: (state: SavedUsual) => usual.load(state),
  };
}
