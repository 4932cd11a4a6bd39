/** A measure of the traffic over time, drawn and in words. */
import { lazy, Suspense } from 'react';
import { formatClock, plural } from '../format.ts';
import { severities } from '../part/severity.tsx';
import type { TimeChartData } from './time-option.ts';

const TimeChart = lazy(() => import('./time-chart.tsx').then(({ TimeChart }) => ({ default: TimeChart })));

interface TimeFigureProps {
  data: TimeChartData;
  /** "in the last 1 hour" */
  when: string;
  caption?: string;
}

export function TimeFigure({ data, when, caption = data.measure.title }: TimeFigureProps) {
  return (
    <figure className="time-figure">
      <figcaption>{caption}</figcaption>
      <div className="chart chart-low" role="img" aria-label={summarise(when, data)}>
        <Suspense fallback={null}>
          <TimeChart data={data} />
        </Suspense>
      </div>
    </figure>
  );
}

/** What the line says, for whoever does not see it. */
function summarise(when: string, { timeline, alerts, measure: { title, format } }: TimeChartData): string {
  const seen = timeline.points.filter((point): point is [number, number] => point[1] !== null);
  if (seen.length === 0) return `${title} ${when}: nothing yet.`;
  const [most, last] = [seen.reduce((top, point) => (point[1] > top[1] ? point : top)), seen.at(-1)!];
  const told = alerts.filter(({ end_ts }) => end_ts >= timeline.from).length;
  const usual = timeline.usual ? ` Usual is ${format(timeline.usual.low)} to ${format(timeline.usual.high)}.` : '';
  return `${title} ${when}: now ${format(last[1])}, at most ${format(most[1])} at ${formatClock(most[0])}.${usual} ${plural(told, 'alert')}.`;
}

export function TimeLegend({ data: { timeline, alerts, gaps } }: { data: TimeChartData }) {
  const { from, to, usual } = timeline;
  const told = severities.filter((severity) =>
    alerts.some((alert) => alert.severity === severity && alert.end_ts >= from),
  );
  return (
    <ul className="legend">
      <li>
        <span className="legend-line legend-threshold" />
        {usual ? 'Usual range: nine of ten moments without an alert' : 'The usual range appears after an hour'}
      </li>
      {gaps.some((gap) => (gap.to ?? to) > from) && (
        <li>
          <span className="legend-gap" /> Not seen
        </li>
      )}
      {told.map((severity) => (
        <li key={severity}>
          <span className={`legend-mark mark-${severity.toLowerCase()}`} /> Alert, {severity}
        </li>
      ))}
    </ul>
  );
}
