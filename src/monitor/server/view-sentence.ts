/** What can be seen from here, for the owner: the cable decides, not the program. */
import { count } from '../../alert/words/phrase.ts';
import type { Viewpoint } from '../target/target.ts';

interface View {
  at: Viewpoint;
  /** Devices that were heard talking to others than this machine. */
  heard: number;
  /** Devices known besides this machine. */
  others: number;
}

export function viewOf({ at, heard, others }: View): string | null {
  if (at === 'demo') return 'Everything in the simulated home is seen.';
  if (others === 0) return null;
  const of = `${heard.toLocaleString('en-US')} of ${count(others, 'other device')}`;
  if (at !== 'interface') {
    const who = at === 'router' ? 'The router shows' : 'The records tell';
    return `${who} what ${of} exchanged with others so far; what does not pass there is not seen.`;
  }
  if (heard === 0) {
    return (
      `From here Guardian has so far seen only the traffic of this machine and what is for everybody. ` +
      `Of ${count(others, 'other device')} it knows that ${others === 1 ? 'it is' : 'they are'} there, not what ` +
      `${others === 1 ? 'it does' : 'they do'}: this is an ordinary switch port or Wi-Fi. A mirror port, or the router, shows all.`
    );
  }
  return `From here Guardian has so far seen what ${of} exchanged with others.`;
}
