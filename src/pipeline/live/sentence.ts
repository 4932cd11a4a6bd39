/** How things stand in one sentence, for the owner. */
import { duration } from '../../alert/phrase.ts';
import type { MonitorStatus } from '../../api/contract.ts';

type Standing = Pick<MonitorStatus, 'state' | 'reason' | 'since' | 'devices' | 'learned_seconds' | 'learn_seconds'>;

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const number = (count: number): string => count.toLocaleString('en-US');

/** The worst comes first: that nothing is seen, then who needs attention, then what is still to be learned. */
export function sentenceOf({ state, reason, since, devices, learned_seconds, learn_seconds }: Standing): string {
  const { known, at_risk, learning } = devices;
  const why = reason === null ? '' : `: ${reason}`;
  switch (state) {
    case 'off':
      return 'Nothing is being watched.';
    case 'starting':
      return 'Guardian is beginning to watch.';
    case 'blind':
      return `Guardian cannot see traffic since ${clock.format(since * 1000)}${why}.`;
    case 'degraded':
      return `Guardian misses part of the traffic since ${clock.format(since * 1000)}${why}.`;
  }
  if (at_risk === 1) return '1 device needs attention.';
  if (at_risk > 1) return `${number(at_risk)} devices need attention.`;
  if (known === 0) return 'No device has been seen yet.';
  if (state === 'learning') {
    const left = Math.max(60, learn_seconds - learned_seconds);
    return `Learning: ${number(learning)} of ${number(known)} ${known === 1 ? 'device' : 'devices'} still unknown, about ${duration(left)} left.`;
  }
  if (learning > 0) {
    return `Learning: ${number(learning)} of ${number(known)} ${known === 1 ? 'device' : 'devices'} still unknown.`;
  }
  return known === 1 ? 'The one device behaves as usual.' : `All ${number(known)} devices behave as usual.`;
}
