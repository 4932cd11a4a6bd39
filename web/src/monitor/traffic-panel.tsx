/** Packets and strangeness over time, of the network or of one device, with what is usual and what was told. */
import { lazy, Suspense, useMemo } from 'react';
import type { Alert, Gap, Traffic } from '../../../src/api/contract.ts';
import { formatClock, formatCount, formatRate, formatTick, plural } from '../format.ts';
import { Panel } from '../part/page.tsx';
import { Segments } from '../part/segments.tsx';
import { severities } from '../part/severity.tsx';
import { Empty, Failure, Skeleton } from '../part/state.tsx';
import { setSearch, useSearch } from '../router.tsx';
import { useTraffic } from './queries.ts';
import type { TimeChartData } from './time-option.ts';
import { packetRates, strangeness, type TimelineOptions } from './timeline.ts';

const TimeChart = lazy(() => import('./time-chart.tsx').then(({ TimeChart }) => ({ default: TimeChart })));

const DAY = 1440;
const ranges = [
  { value: '', name: '1 hour', minutes: 60 },
  { value: '6h', name: '6 hours', minutes: 360 },
  { value: '24h', name: '24 hours', minutes: DAY },
];

interface TrafficPanelProps {
  device?: string;
  alerts: readonly Alert[];
  gaps: readonly Gap[];
}

export function TrafficPanel({ device, alerts, gaps }: TrafficPanelProps) {
  const chosen = useSearch().get('range') ?? '';
  const range = ranges.find(({ value }) => value === chosen) ?? ranges[0];
  const { data: traffic, error, isPending, refetch } = useTraffic(range.minutes, device);
  const { data: day } = useTraffic(DAY, device);
  return (
    <Panel
      title="Traffic"
      aside={
        <Segments
          label="Time shown"
          value={range.value}
          choices={ranges}
          onChange={(value) => setSearch('range', value)}
        />
      }
    >
      {isPending && <Skeleton lines={8} label="Loading the traffic" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {traffic && traffic.points.length === 0 && (
        <Empty icon="live" title="No traffic seen in this time">
          Its line begins with the first packet, a second after it was seen.
        </Empty>
      )}
      {traffic && traffic.points.length > 0 && (
        <Charts traffic={traffic} day={day} minutes={range.minutes} name={range.name} alerts={alerts} gaps={gaps} />
      )}
    </Panel>
  );
}

interface ChartsProps {
  traffic: Traffic;
  day: Traffic | undefined;
  minutes: number;
  name: string;
  alerts: readonly Alert[];
  gaps: readonly Gap[];
}

function Charts({ traffic, day, minutes, name, alerts, gaps }: ChartsProps) {
  const [packets, strange] = useMemo(() => {
    const options: TimelineOptions = { minutes, now: Date.now() / 1000, gaps, day };
    const shared = { alerts, gaps };
    const rates: TimeChartData = {
      ...shared,
      timeline: packetRates(traffic, options),
      format: formatRate,
      tick: formatTick,
    };
    const oddities: TimeChartData = {
      ...shared,
      timeline: strangeness(traffic, options),
      format: formatStrangeness,
      tick: formatStrangeTick,
      minInterval: 1,
    };
    return [rates, oddities];
  }, [traffic, day, minutes, alerts, gaps]);
  return (
    <>
      <TimeFigure title="Packets per second" name={name} data={packets} />
      <TimeFigure title="Strangeness" name={name} data={strange} />
      <Legend data={packets} />
    </>
  );
}

function TimeFigure({ title, name, data }: { title: string; name: string; data: TimeChartData }) {
  return (
    <figure className="time-figure">
      <figcaption>{title}</figcaption>
      <div className="chart chart-low" role="img" aria-label={summarise(title, name, data)}>
        <Suspense fallback={null}>
          <TimeChart data={data} />
        </Suspense>
      </div>
    </figure>
  );
}

/** What the line says, for whoever does not see it. */
function summarise(title: string, name: string, { timeline, alerts, format }: TimeChartData): string {
  const seen = timeline.points.filter((point): point is [number, number] => point[1] !== null);
  if (seen.length === 0) return `${title} in the last ${name}: nothing yet.`;
  const [most, last] = [seen.reduce((top, point) => (point[1] > top[1] ? point : top)), seen.at(-1)!];
  const told = alerts.filter(({ ts }) => ts >= timeline.from).length;
  const usual = timeline.usual ? ` Usual is ${format(timeline.usual.low)} to ${format(timeline.usual.high)}.` : '';
  return `${title} in the last ${name}: now ${format(last[1])}, at most ${format(most[1])} at ${formatClock(most[0])}.${usual} ${plural(told, 'alert')}.`;
}

function Legend({ data: { timeline, alerts, gaps } }: { data: TimeChartData }) {
  const { from, to, usual } = timeline;
  const told = severities.filter((severity) => alerts.some((alert) => alert.severity === severity && alert.ts >= from));
  return (
    <ul className="legend">
      <li>
        <span className="legend-line legend-threshold" />
        {usual ? 'Usual range: nine of ten moments of the last day' : 'The usual range appears after an hour'}
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

const oneIn = (power: number): string => `1 in ${power < 5 ? formatCount(10 ** power) : formatTick(10 ** power)}`;

/** "ordinary", "as rare as 1 in 1,000" */
const formatStrangeness = (power: number): string => (power < 0.5 ? 'ordinary' : `as rare as ${oneIn(power)}`);
const formatStrangeTick = (power: number): string => (power === 0 ? 'ordinary' : oneIn(power));
