/** One alert against all rules: which channels are told, when, and the reasons in plain words. Pure. */
import type { Decision } from '../delivery/decision.ts';
import { formatTime } from '../message/local-time.ts';
import type { Subject } from '../message/subject.ts';
import { digestDue, mismatch, quietUntil, type Rule } from '../settings/rule.ts';

/** How a channel is to be told. */
export interface Route {
  channel: string;
  rule: string;
  /** Null for at once, else when and why later. */
  later: { due: number; reason: 'quiet' | 'digest' } | null;
  because: string;
}

export interface Escalation {
  channel: string;
  rule: string;
  due: number;
}

export interface Routing {
  /** At most one per channel: the soonest of what the rules say. */
  routes: Route[];
  escalations: Escalation[];
  /** What is decided already: rules that do not match, alerts that quiet hours drop. */
  decisions: Decision[];
}

/** When a held alert is told, in words. */
const until = (due: number, timeZone: string): string => `until ${formatTime(due / 1000, timeZone)}`;

export function routeSubject(
  subject: Subject,
  rules: readonly Rule[],
  channels: readonly string[],
  now: number,
  timeZone: string,
): Routing {
  const routes = new Map<string, Route>();
  const escalations: Escalation[] = [];
  const decisions: Decision[] = [];
  const expand = (names: string[]): string[] => (names.includes('*') ? [...channels] : names);

  for (const rule of rules) {
    const against = mismatch(rule, subject);
    if (against) {
      const reason = `Rule "${rule.name}" does not apply: ${against}.`;
      decisions.push({ channel: null, rule: rule.name, outcome: 'not-matched', reason, delivery: null });
      continue;
    }
    const quietEnd = quietUntil(rule, now, timeZone);
    const quiet = quietEnd !== null && !(subject.severity === 'Critical' && rule.quietHours?.criticalPasses);
    const digest = rule.digest && digestDue(rule.digest, now, timeZone);
    let later: Route['later'] = null;
    let because = `Rule "${rule.name}" tells it at once.`;
    if (digest !== undefined) {
      later = { due: digest, reason: 'digest' };
      because = `Rule "${rule.name}" gathers it for its digest, ${until(digest, timeZone)}.`;
    } else if (quiet) {
      later = { due: quietEnd, reason: 'quiet' };
      because = `Rule "${rule.name}" has quiet hours ${until(quietEnd, timeZone)}.`;
    }
    const dropped = quiet && digest === undefined && rule.quietHours?.afterwards === 'drop';

    for (const channel of expand(rule.channels)) {
      if (dropped) {
        decisions.push({ channel, rule: rule.name, outcome: 'dropped', reason: because, delivery: null });
        continue;
      }
      const other = routes.get(channel);
      if (!other || (other.later?.due ?? 0) > (later?.due ?? 0)) {
        routes.set(channel, { channel, rule: rule.name, later, because });
      }
    }
    for (const { afterMinutes, channels: names } of dropped ? [] : rule.escalate) {
      const due = (later?.due ?? now) + afterMinutes * 60_000;
      for (const channel of expand(names)) escalations.push({ channel, rule: rule.name, due });
    }
  }
  return { routes: [...routes.values()], escalations, decisions };
}
