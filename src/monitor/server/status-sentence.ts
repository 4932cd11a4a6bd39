/** How things stand in one sentence, for the owner. */
import { duration } from '../../alert/words/phrase.ts';
import type { MonitorStatus } from '../../api/contract.ts';

/** How well it sees; `dark` where nothing arrives at all. */
export type Visibility = Pick<MonitorStatus, 'state' | 'reason' | 'since'> & { dark: boolean };
type Standing = Visibility & Pick<MonitorStatus, 'devices' | 'learned_seconds' | 'learn_seconds'>;

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const number = (count: number): string => count.toLocaleString('en-US');

const count = (devices: number): string => `${number(devices)} ${devices === 1 ? 'device' : 'devices'}`;

/** That something is not seen, or nothing. */
export function troubleSentence({ reason, since, dark }: Visibility, at: (seconds: number) => string): string {
  const what = dark ? 'cannot see traffic' : 'misses part of the traffic';
  return `Guardian ${what} since ${at(since)}${reason === null ? '' : `: ${reason}`}.`;
}

/** The worst comes first: that nothing is seen, then who needs attention, then what is still to be learned. */
export function sentenceOf({ devices, learned_seconds, learn_seconds, ...sight }: Standing): string {
  const { known, at_risk, learning, monitored } = devices;
  const { state } = sight;
  switch (state) {
    case 'off':
      return 'Nothing is being watched.';
    case 'starting':
      return 'Guardian is beginning to watch.';
    case 'blind':
    case 'degraded':
      return troubleSentence(sight, (seconds) => clock.format(seconds * 1000));
  }
  if (at_risk === 1) return '1 device needs attention.';
  if (at_risk > 1) return `${number(at_risk)} devices need attention.`;
  if (known === 0) return 'No device has been seen yet.';
  if (state === 'learning') {
    const left = Math.max(60, learn_seconds - learned_seconds);
    return `Still getting to know ${number(learning)} of ${count(known)}, about ${duration(left)} left.`;
  }
  if (learning > 0) {
    return `Still getting to know ${number(learning)} of ${count(known)}.`;
  }
  if (monitored === 0) return 'No device is monitored: Guardian reports nothing.';
  if (monitored < known) {
    const verb = monitored === 1 ? 'behaves' : 'behave';
    return `${number(monitored)} of ${count(known)} ${verb} as usual; the others are not monitored.`;
  }
  return known === 1 ? 'The one device behaves as usual.' : `All ${number(known)} devices behave as usual.`;
}
