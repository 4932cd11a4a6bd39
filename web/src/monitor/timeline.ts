/** Traffic as lines over time: what was seen, what was not, and what is usual. Times in seconds since 1970 UTC. */
import type { Gap, Traffic, TrafficPoint } from '../../../src/api/contract.ts';

export interface Timeline {
  from: number;
  to: number;
  /** Time and value, oldest first; null where nothing was seen or judged. */
  points: [ts: number, value: number | null][];
  /** Between them lie nine of ten stretches of the last day; null where that day is too short to tell. */
  usual: { low: number; high: number } | null;
}

export interface TimelineOptions {
  minutes: number;
  now: number;
  gaps: readonly Gap[];
  /** The last day, for what is usual. */
  day: Traffic | undefined;
}

type Value = (point: TrafficPoint, seconds: number) => number | null;

/** Seconds after which a stretch can be told by. */
const SETTLED = 10;
/** Fewer stretches have no usual. */
const LEAST_STRETCHES = 60;

/** Packets per second. */
export const packetRates = (traffic: Traffic, options: TimelineOptions): Timeline =>
  timeline(traffic, options, ({ packets }, seconds) => packets / seconds, 0);

/** How unusual the most unusual moment of each stretch was, as a power of ten. */
export const strangeness = (traffic: Traffic, options: TimelineOptions): Timeline =>
  timeline(traffic, options, (point) => point.strangeness, null);

/** `silent` is the value of a stretch that was watched and had no packet. */
function timeline(traffic: Traffic, options: TimelineOptions, value: Value, silent: 0 | null): Timeline {
  const { minutes, now, gaps, day } = options;
  const { step, points } = traffic;
  const from = now - 60 * minutes;
  const known = new Map(points.map((point) => [point.ts, point]));
  const line: Timeline['points'] = [];
  // What lies before the first packet was not watched.
  for (let ts = Math.max(points[0]?.ts ?? now, Math.ceil(from / step) * step); ts <= now; ts += step) {
    // A stretch that has just begun says little yet.
    if (now - ts < SETTLED) break;
    const point = known.get(ts);
    if (point) line.push([ts, value(point, Math.min(step, now - ts))]);
    else line.push([ts, gaps.some((gap) => gap.from < ts + step && (gap.to ?? now) > ts) ? null : silent]);
  }
  return { from, to: now, points: line, usual: day ? usualOf(day, value) : null };
}

function usualOf({ step, points }: Traffic, value: Value): Timeline['usual'] {
  // The newest is not over yet.
  const values = points.slice(0, -1).map((point) => value(point, step));
  const sorted = values.filter((one) => one !== null).sort((a, b) => a - b);
  if (sorted.length < LEAST_STRETCHES) return null;
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
  return { low: at(0.05), high: at(0.95) };
}
