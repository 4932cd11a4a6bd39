/** Notifies the owner when capture is lost for some seconds, and when it recovers. */

import { troubleSentence, type Visibility } from '../monitor/server/status-sentence.ts';
import type { Notice } from '../notify/notifier.ts';
import type { Timers } from '../notify/transport/timers.ts';

type Trouble = 'blind' | 'degraded';

interface VisibilityNoticesOptions {
  announce: (notice: Notice) => void;
  timers: Timers;
  /** For the time of day in the sentences; the one of this machine unless told. */
  timeZone?: string;
}

/** How long it may last untold. The monitor itself takes a moment to be sure. */
const PATIENCE_MS: Record<Trouble, number> = { blind: 2000, degraded: 5000 };
const severities = { blind: 'High', degraded: 'Medium' } as const;

export function createVisibilityNotices({ announce, timers, timeZone }: VisibilityNoticesOptions) {
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone });
  const at = (seconds: number): string => clock.format(seconds * 1000);
  let seen: Visibility | null = null;
  let told: (Visibility & { trouble: Trouble }) | null = null;
  let cancel = (): void => {};

  const troubleOf = ({ state }: Visibility): Trouble | null =>
    state === 'blind' || state === 'degraded' ? state : null;

  function tellTrouble(trouble: Trouble, sight: Visibility): void {
    told = { ...sight, trouble };
    announce({
      id: `${trouble} ${sight.since}`,
      severity: severities[trouble],
      title: `Guardian: ${sight.dark ? 'cannot see traffic' : 'misses part of the traffic'}`,
      sentence: troubleSentence(sight, at),
      meaning: 'What devices do meanwhile is not noticed.',
      advice: ['See the live page for what is wrong, or run "guardian doctor".'],
    });
  }

  return {
    sees(sight: Visibility): void {
      // Neither good nor bad: an attempt that fails must not begin the waiting anew.
      if (sight.state === 'starting') return;
      const trouble = troubleOf(sight);
      const before = seen && troubleOf(seen);
      seen = sight;
      // The same trouble with another reason is no news; from bad to worse is.
      if (trouble !== null && trouble === before) return;
      cancel();
      if (trouble !== null) {
        if (told?.trouble === trouble || told?.trouble === 'blind') return;
        cancel = timers.after(PATIENCE_MS[trouble], () => tellTrouble(trouble, sight));
      } else if (told && (sight.state === 'watching' || sight.state === 'learning')) {
        const { trouble: over, since, dark } = told;
        told = null;
        announce({
          id: `sees again ${sight.since}`,
          severity: severities[over],
          title: 'Guardian: sees the traffic again',
          sentence: `Guardian sees the traffic again since ${at(sight.since)}.`,
          meaning: `It ${dark ? 'saw nothing' : 'missed a part'} from ${at(since)} on.`,
          advice: [],
        });
      }
    },
    stop: () => cancel(),
  };
}
