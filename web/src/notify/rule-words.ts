/** A rule as a sentence. */
import type { NotificationRule } from '../../../src/api/contract.ts';
import { kindsInWords } from '../alert/kinds.ts';

export type RuleKind = NotificationRule['kinds'][number];

export const ruleKinds: Readonly<Record<RuleKind, string>> = {
  ...kindsInWords,
  notice: 'What Guardian says of itself',
};

export const weekdays = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
} as const;
export type Weekday = keyof typeof weekdays;

/** Within a sentence. */
const small = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

const list = new Intl.ListFormat('en', { type: 'conjunction' });
const channelsInWords = (channels: readonly string[]): string =>
  channels.includes('*') ? 'every channel' : list.format(channels);

function whenInWords({ digest, quietHours }: NotificationRule): string {
  if (digest) {
    const time = { hour: `every hour at minute ${Number(digest.at.slice(3))}`, day: `every day at ${digest.at}` };
    const when = digest.every === 'week' ? `every ${weekdays[digest.day]} at ${digest.at}` : time[digest.every];
    return `together, ${when}`;
  }
  if (!quietHours) return 'at once';
  const { from, to, days, afterwards } = quietHours;
  const on = days.length > 0 ? ` (${days.map((day) => weekdays[day].slice(0, 3)).join(', ')})` : '';
  return `at once; from ${from} to ${to}${on} ${afterwards === 'drop' ? 'not at all' : 'it waits until the end'}`;
}

export function ruleInWords(rule: NotificationRule): string {
  const { minSeverity, kinds, devices, channels, escalate } = rule;
  const what = kinds.length > 0 ? `Only ${list.format(kinds.map((kind) => small(ruleKinds[kind])))}` : 'Everything';
  const severity =
    minSeverity === 'Low' ? '' : minSeverity === 'Critical' ? ' that is Critical' : ` from ${minSeverity} up`;
  const whose = devices.length > 0 ? ` of ${list.format(devices)}` : '';
  const later = escalate.map(
    ({ afterMinutes, channels: more }) =>
      ` After ${afterMinutes} minutes without a reaction ${channelsInWords(more)} as well.`,
  );
  return `${what}${severity}${whose}, to ${channelsInWords(channels)}, ${whenInWords(rule)}.${later.join('')}`;
}
