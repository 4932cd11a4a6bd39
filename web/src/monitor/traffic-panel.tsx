/** Traffic over time, of the network or of one device, in the measure that its alerts speak of or that is chosen. */
import { useMemo } from 'react';
import type { Alert, Gap, Traffic } from '../../../src/api/contract.ts';
import { Panel } from '../part/page.tsx';
import { Segments } from '../part/segments.tsx';
import { Empty, Failure, Skeleton } from '../part/state.tsx';
import { setSearch, useSearch } from '../router.tsx';
import { type Measure, measureNamed, measureOf, measures } from './measure.ts';
import { useTraffic } from './queries.ts';
import { TimeFigure, TimeLegend } from './time-figure.tsx';
import type { TimeChartData } from './time-option.ts';
import { timeline } from './timeline.ts';

const DAY = 1440;
const ranges = [
  { value: '', name: '1 hour', minutes: 60 },
  { value: '6h', name: '6 hours', minutes: 360 },
  { value: '24h', name: '24 hours', minutes: DAY },
  { value: '7d', name: '7 days', minutes: 7 * DAY },
  { value: '30d', name: '30 days', minutes: 30 * DAY },
];
const choices = measures.map(({ key, name }) => ({ value: key, name }));
const strangeness = measureNamed('strangeness')!;

interface TrafficPanelProps {
  device?: string;
  alerts: readonly Alert[];
  gaps: readonly Gap[];
}

/** Of a device, what its newest alert speaks of; of the whole network packets. */
function ownMeasure(device: string | undefined, alerts: readonly Alert[]): Measure {
  const told = device === undefined ? undefined : alerts.map(measureOf).find((measure) => measure !== null);
  return told ?? measures[0];
}

export function TrafficPanel({ device, alerts, gaps }: TrafficPanelProps) {
  const search = useSearch();
  const chosen = search.get('range') ?? '';
  const range = ranges.find(({ value }) => value === chosen) ?? ranges[0];
  const measure = measureNamed(search.get('measure')) ?? ownMeasure(device, alerts);
  const { data: traffic, error, isPending, refetch } = useTraffic(range.minutes, { device });
  const { data: day } = useTraffic(DAY, { device });
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
      <div className="mb-3">
        <Segments
          label="What is shown"
          value={measure.key}
          choices={choices}
          onChange={(value) => setSearch('measure', value)}
        />
      </div>
      {isPending && <Skeleton lines={8} label="Loading the traffic" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {traffic && traffic.points.length === 0 && (
        <Empty icon="live" title="No traffic seen in this time">
          Its line begins with the first packet, a second after it was seen.
        </Empty>
      )}
      {traffic && traffic.points.length > 0 && (
        <Charts
          measure={measure}
          traffic={traffic}
          past={range.minutes > DAY ? traffic : day}
          minutes={range.minutes}
          name={range.name}
          alerts={alerts}
          gaps={gaps}
        />
      )}
    </Panel>
  );
}

interface ChartsProps {
  measure: Measure;
  traffic: Traffic;
  past: Traffic | undefined;
  minutes: number;
  name: string;
  alerts: readonly Alert[];
  gaps: readonly Gap[];
}

function Charts({ measure, traffic, past, minutes, name, alerts, gaps }: ChartsProps) {
  const [chosen, strange] = useMemo(() => {
    const options = { minutes, now: Date.now() / 1000, gaps, past, alerts };
    const of = (one: Measure): TimeChartData => ({
      timeline: timeline(traffic, one, options),
      measure: one,
      alerts,
      gaps,
    });
    return [of(measure), of(strangeness)];
  }, [measure, traffic, past, minutes, alerts, gaps]);
  return (
    <>
      <TimeFigure when={`in the last ${name}`} data={chosen} />
      {measure !== strangeness && <TimeFigure when={`in the last ${name}`} data={strange} />}
      <TimeLegend data={chosen} />
    </>
  );
}
