/** Prints the fate of mails about live alerts on the console, in the words of the published application. */

import type { Decision } from '../notify/delivery/decision.ts';
import type { DeliveryRecord } from '../notify/delivery/delivery-log.ts';
import { plainLine } from '../notify/transport/plain-text.ts';

export function liveMailLines(print: (line: string) => void) {
  let warned = false;
  return {
    /** A delivery has changed; `recipients` are those of a mail channel, none for another. */
    delivered({ status, type, attempts, log, title }: DeliveryRecord, recipients: string[]): void {
      // The mail of a scan has lines of its own.
      if (recipients.length === 0 || type === 'test' || type === 'scan' || status === 'cancelled') return;
      if (status === 'delivered') print(`[EMAIL] Alert sent to ${recipients.join(', ')}`);
      const error = log.at(-1)?.error;
      // Once for each message, not for each of its attempts.
      if (!error || attempts !== 1) return;
      print(`[ERROR] Failed to send email: ${plainLine(error.message, 500)}`);
      print(`[ALERT] ${plainLine(title, 500)}`);
    },

    /** Where there is no channel at all, the console is the only one that is told. */
    decided({ sentence }: { sentence: string }, decisions: Decision[]): void {
      if (!decisions.some(({ channel, outcome }) => channel === null && outcome === 'dropped')) return;
      if (!warned) print('[WARNING] Email not configured. Skipping email alert.');
      warned = true;
      print(`[ALERT] ${plainLine(sentence, 500)}`);
    },
  };
}
