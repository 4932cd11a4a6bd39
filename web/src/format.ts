/** Numbers, sizes and times as people read them. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const hundredths = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** For the axis of a chart: "10K", "0.2". */
export const formatTick = (value: number): string => compact.format(value);

export const formatCount = (count: number): string => whole.format(count);
export const formatPercent = (percentage: number): string => `${hundredths.format(percentage)} %`;
export const formatRatio = (ratio: number): string =>
  ratio > 1000 ? '> 1,000 ×' : `${ratio < 10 ? ratio.toFixed(2) : whole.format(ratio)} ×`;

/** "1 row", "2,000 rows" */
export const plural = (count: number, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;

/** Errors and thresholds: six decimals as published, unless they are very small or large. */
export function formatError(error: number): string {
  const size = Math.abs(error);
  if (size >= 1000 && size < 1e9) return hundredths.format(error);
  return size === 0 || (size >= 0.001 && size < 1000) ? error.toFixed(6) : error.toExponential(4);
}

/** Bytes in powers of 1000, three digits, as the sentences of alerts say them: "300 B", "14.3 MB". */
export const formatBytes = (bytes: number): string => scaled(bytes, 1000, ['B', 'kB', 'MB', 'GB', 'TB']);

/** A limit of this program in powers of 1024, as it is set and as errors name it: "16 MiB". */
export const formatLimit = (bytes: number): string => scaled(bytes, 1024, ['bytes', 'KiB', 'MiB', 'GiB']);

function scaled(count: number, base: number, units: readonly string[]): string {
  let [value, unit] = [count, 0];
  while (value >= base && unit < units.length - 1) {
    value /= base;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${units[unit]}`;
}

/** "0 packets/s", "0.4 packets/s", "1,200 packets/s" */
export const formatRate = (perSecond: number): string =>
  `${perSecond === 0 || perSecond >= 10 ? formatCount(perSecond) : perSecond.toFixed(1)} packets/s`;

/** How sure Guardian is, 0 to 1: a word, and the number for whoever wants it. */
export function formatConfidence(confidence: number): string {
  const word =
    confidence >= 0.95 ? 'very sure' : confidence >= 0.8 ? 'sure' : confidence >= 0.6 ? 'fairly sure' : 'not sure';
  return `${word} (${Math.round(100 * confidence)} %)`;
}

/** "40 ms", "3.2 s", "2 min 5 s", "3 h 20 min", "2 days 4 h" */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 60) return `${Number(seconds.toPrecision(2))} s`;
  const total = Math.round(seconds);
  const parts: [number, string][] = [
    [Math.floor(total / 86400), Math.floor(total / 86400) === 1 ? 'day' : 'days'],
    [Math.floor(total / 3600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'min'],
    [total % 60, 's'],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ');
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

export const formatExact = (time: Date): string => exact.format(time);

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const clockWithSeconds = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const dayAndClock = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** "14:02" today, "21 Nov, 14:02" before; `ts` in seconds since 1970 UTC. */
export function formatClock(ts: number, now = Date.now()): string {
  const at = new Date(ts * 1000);
  return (at.toDateString() === new Date(now).toDateString() ? clock : dayAndClock).format(at);
}

/** "14:02:31" */
export const formatSecond = (ts: number): string => clockWithSeconds.format(new Date(ts * 1000));

export function formatRelative(time: Date, now: number): string {
  const seconds = Math.round((time.getTime() - now) / 1000);
  const size = Math.abs(seconds);
  if (size < 45) return 'just now';
  if (size < 45 * 60) return relative.format(Math.round(seconds / 60), 'minute');
  if (size < 22 * 3600) return relative.format(Math.round(seconds / 3600), 'hour');
  if (size < 26 * 86400) return relative.format(Math.round(seconds / 86400), 'day');
  if (size < 320 * 86400) return relative.format(Math.round(seconds / (30.4 * 86400)), 'month');
  return relative.format(Math.round(seconds / (365.25 * 86400)), 'year');
}

const DAY = 86_400;

/**
 * A sentence with its times of day on the reader's clock: sentences are kept in UTC.
 * @param near when it was, in seconds since 1970: what day the times are of
 */
export function inOwnZone(sentence: string, near: number): string {
  const at = (text: string): string => {
    const [hours, minutes] = text.split(':').map(Number);
    const moment = Math.floor(near / DAY) * DAY + 3600 * hours + 60 * minutes;
    return clock.format(new Date((moment - Math.round((moment - near) / DAY) * DAY) * 1000));
  };
  return sentence.replaceAll(/(?:\b(\d\d:\d\d) (to|and) )?\b(\d\d:\d\d) UTC\b/g, (_all, first, word, last: string) =>
    first === undefined ? at(last) : `${at(first)} ${word} ${at(last)}`,
  );
}
