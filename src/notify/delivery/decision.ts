/** What was decided about an alert, for the owner who asks why. */

/** What came of it for one rule and channel. */
export const outcomes = ['sent', 'held', 'dropped', 'not-matched', 'already-told', 'escalation-planned'] as const;
export type Outcome = (typeof outcomes)[number];

/** One line of "why was (or wasn't) I notified". */
export interface Decision {
  /** Null where it is about no channel in particular. */
  channel: string | null;
  rule: string | null;
  outcome: Outcome;
  /** A sentence. */
  reason: string;
  /** Delivery that tells it, or will. */
  delivery: string | null;
}
