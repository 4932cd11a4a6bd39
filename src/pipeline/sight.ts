/** That Guardian does not see, and that it sees again: told when it lasts, so that a blink disturbs nobody. */
import type { MonitorStatus } from '../api/contract.ts';
import type { Notice } from '../notify/notifier.ts';
import type { Timers } from '../notify/timers.ts';

type Sight = Pick<MonitorStatus, 'state' | 'reason' | 'since'>;
type Trouble = 'blind' | 'degraded';

interface SightTellerOptions {
  announce: (notice: Notice) => void;
  timers: Timers;
  /** For the time of day in the sentences; the one of this machine unless told. */
  timeZone?: string;
}

/** How long it may last untold. The monitor itself takes a moment to be sure. */
const PATIENCE_MS: Record<Trouble, number> = { blind: 2000, degraded: 5000 };
const severities = { blind: 'High', degraded: 'Medium' } as const;

export function createSightTeller({ announce, timers, timeZone }: SightTellerOptions) {
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone });
  const at = (seconds: number): string => clock.format(seconds * 1000);
  let seen: Sight | null = null;
  let told: { trouble: Trouble; since: number } | null = null;
  let cancel = (): void => {};

  const troubleOf = ({ state }: Sight): Trouble | null => (state === 'blind' || state === 'degraded' ? state : null);

  function tellTrouble(trouble: Trouble, { reason, since }: Sight): void {
    told = { trouble, since };
    const why = reason ? `: ${reason}` : '';
    announce({
      id: `${trouble} ${since}`,
      severity: severities[trouble],
      sentence:
        trouble === 'blind'
          ? `Guardian cannot see traffic since ${at(since)}${why}.`
          : `Guardian misses part of the traffic since ${at(since)}${why}.`,
      meaning: 'What devices do meanwhile is not noticed.',
      advice: ['See the live page for what is wrong, or run "guardian doctor".'],
    });
  }

  return {
    sees(sight: Sight): void {
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
        const { trouble: over, since } = told;
        told = null;
        announce({
          id: `sees again ${sight.since}`,
          severity: severities[over],
          sentence: `Guardian sees the traffic again since ${at(sight.since)}.`,
          meaning: `It ${over === 'blind' ? 'saw nothing' : 'missed a part'} from ${at(since)} on.`,
          advice: [],
        });
      }
    },
    stop: () => cancel(),
  };
}
