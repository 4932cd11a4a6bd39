/** Traffic as lines over time: what was seen, what was not, and what is usual. Times in seconds since 1970 UTC. */
import type { Alert, Gap, Traffic } from '../../../src/api/contract.ts';
import { type Measure, measureOf } from './measure.ts';

type Spell = Pick<Alert, 'kind' | 'ts' | 'end_ts'>;

export interface Timeline {
  from: number;
  to: number;
  /** Length of a stretch. */
  step: number;
  /** Time and value, oldest first; null where nothing was seen or judged. */
  points: [ts: number, value: number | null][];
  /** Between them lie nine of ten stretches without an alert about this measure; null where they are too few to tell. */
  usual: { low: number; high: number } | null;
}

export interface TimelineOptions {
  minutes: number;
  now: number;
  gaps: readonly Gap[];
  /** For what is usual: the last day, or what is shown where that is more. */
  past: Traffic | undefined;
  alerts?: readonly Spell[];
}

/** Seconds after which a stretch can be told by. */
const SETTLED = 10;
/** Fewer stretches have no usual. */
const LEAST_STRETCHES = 60;

export function timeline(traffic: Traffic, measure: Measure, options: TimelineOptions): Timeline {
  const { minutes, now, gaps, past, alerts = [] } = options;
  const { step, points } = traffic;
  const from = now - 60 * minutes;
  const known = new Map(points.map((point) => [point.ts, point]));
  const line: Timeline['points'] = [];
  // What lies before the first packet was not watched.
  for (let ts = Math.max(points[0]?.ts ?? now, Math.ceil(from / step) * step); ts <= now; ts += step) {
    // A stretch that has just begun says little yet.
    if (now - ts < SETTLED) break;
    const point = known.get(ts);
    if (point) line.push([ts, measure.value(point, Math.min(step, now - ts))]);
    else line.push([ts, gaps.some((gap) => gap.from < ts + step && (gap.to ?? now) > ts) ? null : measure.silent]);
  }
  return { from, to: now, step, points: line, usual: past ? usualOf(past, measure, alerts) : null };
}

/** What an alert speaks of is not usual, however often it came. */
function usualOf({ step, points }: Traffic, measure: Measure, alerts: readonly Spell[]): Timeline['usual'] {
  const spells = alerts.filter((alert) => measureOf(alert) === measure);
  const isTold = (ts: number): boolean => spells.some((alert) => alert.ts < ts + step && alert.end_ts >= ts);
  // The newest is not over yet.
  const values = points.slice(0, -1).map((point) => (isTold(point.ts) ? null : measure.value(point, step)));
  const sorted = values.filter((one) => one !== null).sort((a, b) => a - b);
  if (sorted.length < LEAST_STRETCHES) return null;
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
  return { low: at(0.05), high: at(0.95) };
}

/**
 * Where an alert is marked: at the peak of what it speaks of. One that speaks of something else, or whose peak is an
 * ordinary amount here, is marked at the foot: the chart tells when it was, and claims no more.
 */
export function markOf({ points, usual, step, from, to }: Timeline, measure: Measure, alert: Spell): [number, number] {
  const foot: [number, number] = [Math.max(from, Math.min(to, alert.ts)), 0];
  if (measureOf(alert) !== measure) return foot;
  const own = points.flatMap(([ts, value]): [number, number][] =>
    value !== null && ts + step > alert.ts && ts <= alert.end_ts ? [[ts, value]] : [],
  );
  if (own.length === 0) return foot;
  const peak = own.reduce((top, point) => (point[1] > top[1] ? point : top));
  return usual && peak[1] <= usual.high ? foot : peak;
}
