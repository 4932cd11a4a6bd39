/** The owner's clock: times of day in a named zone, through its changes of summer time. */

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

const formats = new Map<string, Intl.DateTimeFormat>();

function partsOf(milliseconds: number, timeZone: string): Record<string, string> {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    });
    formats.set(timeZone, format);
  }
  return Object.fromEntries(format.formatToParts(milliseconds).map(({ type, value }) => [type, value]));
}

/** "2026-10-16 14:02 CEST". */
export function formatTime(seconds: number, timeZone: string): string {
  const { year, month, day, hour, minute, timeZoneName } = partsOf(seconds * 1000, timeZone);
  return `${year}-${month}-${day} ${hour}:${minute} ${timeZoneName}`;
}

/** Minutes since local midnight, and the day of the week. */
export function localTime(milliseconds: number, timeZone: string): { minutes: number; weekday: Weekday } {
  const { hour, minute, weekday } = partsOf(milliseconds, timeZone);
  return { minutes: Number(hour) * 60 + Number(minute), weekday: weekday.toLowerCase() as Weekday };
}

/** "HH:MM" as minutes since midnight. */
export const toMinutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

/** The next instant after `now` at which the local clock shows `minutes`, on `weekday` if one is given; whole minutes. */
export function nextAt(now: number, timeZone: string, minutes: number, weekday?: Weekday): number {
  const wholeMinute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const start = wholeMinute + (minutes - localTime(wholeMinute, timeZone).minutes) * MINUTE_MS;
  for (let day = -1; ; day++) {
    let instant = start + day * DAY_MINUTES * MINUTE_MS;
    // Days with a change of the clock are not 24 hours long: go to where the clock really shows it.
    let off = minutes - localTime(instant, timeZone).minutes;
    if (Math.abs(off) > DAY_MINUTES / 2) off -= Math.sign(off) * DAY_MINUTES;
    instant += off * MINUTE_MS;
    if (instant > now && (!weekday || localTime(instant, timeZone).weekday === weekday)) return instant;
  }
}

/**
 * A sentence with its times of day on the owner's clock: "since 16:02 UTC" becomes "since 18:02 CEST".
 * @param near when it was, in seconds since 1970: what day the times are of
 */
export function inOwnZone(sentence: string, near: number, timeZone: string): string {
  const at = (text: string): Record<string, string> => partsOf(nearest(text, near) * 1000, timeZone);
  return sentence.replaceAll(/(?:\b(\d\d:\d\d) (to|and) )?\b(\d\d:\d\d) UTC\b/g, (_all, first, word, last: string) => {
    const { hour, minute, timeZoneName } = at(last);
    const begin = first === undefined ? '' : `${at(first).hour}:${at(first).minute} ${word} `;
    return `${begin}${hour}:${minute} ${timeZoneName}`;
  });
}

/** The moment with that time of day in UTC that is nearest to the other; seconds. */
function nearest(text: string, near: number): number {
  const day = 60 * DAY_MINUTES;
  const moment = Math.floor(near / day) * day + 60 * toMinutes(text);
  return moment - Math.round((moment - near) / day) * day;
}
