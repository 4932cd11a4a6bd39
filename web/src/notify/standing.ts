/** Whether alerts reach their owner, in a sentence. */
import type { Notifications } from '../../../src/api/contract.ts';
import { plural } from '../format.ts';

export interface Standing {
  state: 'none' | 'failing' | 'fine';
  sentence: string;
}

export function standingOf({ channels }: Notifications): Standing {
  const active = channels.filter(({ enabled }) => enabled);
  const failing = active.filter((channel) => channel.failing || channel.last_failed);
  if (active.length === 0) return { state: 'none', sentence: 'Nobody is told when something is wrong.' };
  if (failing.length > 0) {
    const sentence = `${plural(failing.length, 'channel')} of ${active.length} ${failing.length === 1 ? 'takes' : 'take'} no messages.`;
    return { state: 'failing', sentence };
  }
  const to = active.length === 1 ? `“${active[0].name}”` : plural(active.length, 'channel');
  return { state: 'fine', sentence: `Alerts go to ${to}.` };
}
