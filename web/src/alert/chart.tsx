/** The traffic around an alert, in the measure that it speaks of, beside what was usual on the day before. */
import { useMemo } from 'react';
import type { AlertReport } from '../../../src/api/contract.ts';
import { type Measure, measureNamed, measureOf } from '../monitor/measure.ts';
import { useMonitor, useTraffic } from '../monitor/queries.ts';
import { TimeFigure, TimeLegend } from '../monitor/time-figure.tsx';
import type { TimeChartData } from '../monitor/time-option.ts';
import { timeline } from '../monitor/timeline.ts';
import { Panel } from '../part/page.tsx';
import { Failure, Skeleton } from '../part/state.tsx';
import { deviceInWords } from './words.ts';

const DAY = 1440;
/** Before and after the alert; half of what it lasted where that is more. Seconds. */
const LEAST_AROUND = 1800;
const none: readonly [] = [];

export function AlertChart({ alert }: { alert: AlertReport }) {
  const { mac, ts, end_ts } = alert;
  const measure: Measure = measureOf(alert) ?? measureNamed('packets')!;
  const around = Math.max(LEAST_AROUND, (end_ts - ts) / 2);
  const until = Math.ceil((end_ts + around) / 60) * 60;
  const minutes = Math.ceil((until - ts + around) / 60);
  const device = mac ?? undefined;
  const { data: traffic, error, isPending, refetch } = useTraffic(minutes, { device, until });
  const { data: past } = useTraffic(DAY, { device, until: Math.floor(ts / 60) * 60 });
  const gaps = useMonitor().data?.gaps ?? none;
  const data = useMemo((): TimeChartData | null => {
    if (!traffic || traffic.points.length === 0) return null;
    const now = Math.min(until, Date.now() / 1000);
    const shown = minutes - (until - now) / 60;
    const options = { minutes: shown, now, gaps, past, alerts: [alert] };
    return { timeline: timeline(traffic, measure, options), measure, alerts: [alert], gaps };
  }, [traffic, past, measure, alert, gaps, minutes, until]);
  return (
    <Panel title="Traffic around it">
      {isPending && <Skeleton lines={6} label="Loading the traffic around it" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {traffic && !data && (
        <p className="text-body-secondary mb-0">
          None is kept of that time. Settings say for how many days traffic by the minute is kept.
        </p>
      )}
      {data && (
        <>
          <TimeFigure
            when="around the alert"
            data={data}
            caption={`${measure.title}${mac === null ? ', of the whole network' : ` of ${deviceInWords(alert)}`}`}
          />
          <TimeLegend data={data} />
        </>
      )}
    </Panel>
  );
}
