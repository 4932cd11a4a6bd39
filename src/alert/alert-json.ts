/** An alert as programs read it: with its times in ISO 8601 and its numbers as labelled rows. */
import type { Alert } from './alert.ts';
import type { Fact } from './fact.ts';
import { factsOf } from './words/index.ts';

export interface AlertJson extends Alert {
  /** `ts` and `end_ts` in ISO 8601, UTC; missing where the records have no time. */
  time?: string;
  end_time?: string;
  facts: Fact[];
}

export const isoTime = (seconds: number): string => new Date(seconds * 1000).toISOString();

export const toAlertJson = <T extends Alert>(alert: T): T & AlertJson => ({
  ...alert,
  ...(alert.ts > 0 && { time: isoTime(alert.ts), end_time: isoTime(alert.end_ts) }),
  facts: factsOf(alert),
});
