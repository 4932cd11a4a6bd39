/** Who is told of what, when: the owner's rules, and what each of them says about one alert. */
import { z } from 'zod';
import { severities, severityRank } from '../../alert/severity.ts';
import { localTime, nextAt, toMinutes, weekdays } from '../message/local-time.ts';
import { type Subject, subjectKinds } from '../message/subject.ts';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'is not a time as HH:MM' });
const channelNames = z.array(z.string().max(64)).max(50);

export const ruleSchema = z.strictObject({
  name: z.string().min(1).max(64),
  channels: channelNames.min(1).default(['*']).describe('Channels by name; "*" for all.'),
  minSeverity: z.enum(severities).default('Medium').describe('Least severe alert that is told.'),
  kinds: z.array(z.enum(subjectKinds)).default([]).describe('Kinds of alert; none for all.'),
  devices: z.array(z.string().max(100)).max(1000).default([]).describe('Devices by name or address; none for all.'),
  quietHours: z
    .strictObject({
      from: timeOfDay,
      to: timeOfDay,
      days: z.array(z.enum(weekdays)).default([]).describe('Days on which they begin; none for every day.'),
      afterwards: z
        .enum(['tell', 'drop'])
        .default('tell')
        .describe('What came in: tell it in one message, or not at all.'),
      criticalPasses: z.boolean().default(true).describe('Critical alerts do not wait.'),
    })
    .refine(({ from, to }) => from !== to, { error: 'Quiet hours need an end that is not their beginning.' })
    .optional(),
  digest: z
    .strictObject({
      every: z.enum(['hour', 'day', 'week']).default('day'),
      at: timeOfDay.default('08:00').describe('Time of day; for "hour" only the minutes count.'),
      day: z.enum(weekdays).default('mon').describe('Day of a weekly digest.'),
    })
    .optional()
    .describe('Gathers the alerts of this rule in one message.'),
  escalate: z
    .array(z.strictObject({ afterMinutes: z.number().int().min(1).max(10_080), channels: channelNames.min(1) }))
    .max(10)
    .default([])
    .describe('Whom to tell when nobody has acknowledged the alert by then.'),
});
export type Rule = z.output<typeof ruleSchema>;

/** Without rules: everything from Medium up, at once, on every channel. */
export const defaultRule: Rule = ruleSchema.parse({ name: 'Everything from Medium up' });

/** Why a rule does not speak of an alert, or null. */
export function mismatch(rule: Rule, subject: Subject): string | null {
  if (severityRank(subject.severity) < severityRank(rule.minSeverity)) {
    return `${subject.severity} is below ${rule.minSeverity}`;
  }
  if (rule.kinds.length > 0 && !rule.kinds.includes(subject.kind)) return `it is not for the kind "${subject.kind}"`;
  const { devices } = rule;
  if (devices.length > 0 && !devices.includes(subject.device) && !devices.includes(subject.address)) {
    return `it is not for ${subject.device}`;
  }
  return null;
}

/** End of the quiet hours that `now` is in, or null. */
export function quietUntil({ quietHours }: Rule, now: number, timeZone: string): number | null {
  if (!quietHours) return null;
  const from = toMinutes(quietHours.from);
  const to = toMinutes(quietHours.to);
  const { minutes, weekday } = localTime(now, timeZone);
  const afterMidnight = from > to && minutes < to;
  const inside = from < to ? minutes >= from && minutes < to : minutes >= from || afterMidnight;
  // The hours after midnight belong to the evening on which they began.
  const began = afterMidnight ? weekdays[(weekdays.indexOf(weekday) + 6) % 7] : weekday;
  if (!inside || (quietHours.days.length > 0 && !quietHours.days.includes(began))) return null;
  return nextAt(now, timeZone, to);
}

/** When the digest of a rule is due next. */
export function digestDue({ every, at, day }: NonNullable<Rule['digest']>, now: number, timeZone: string): number {
  const minutes = toMinutes(at);
  if (every === 'day') return nextAt(now, timeZone, minutes);
  if (every === 'week') return nextAt(now, timeZone, minutes, day);
  const minute = 60_000;
  const wholeMinute = Math.floor(now / minute) * minute;
  const wait = (60 + (minutes % 60) - (localTime(now, timeZone).minutes % 60)) % 60;
  return wholeMinute + (wait || 60) * minute;
}
