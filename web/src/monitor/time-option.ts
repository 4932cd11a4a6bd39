/** A line over time with its usual range, gaps and alerts, as ECharts wants to be told. */
import type { LineSeriesOption, ScatterSeriesOption } from 'echarts/charts';
import type {
  GridComponentOption,
  MarkAreaComponentOption,
  MarkLineComponentOption,
  TooltipComponentOption,
} from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import type { Alert, Gap } from '../../../src/api/contract.ts';
import { type ChartColours, symbols, textStyle, textTooltip } from '../chart/colours.ts';
import { formatClock, formatExact, inOwnZone } from '../format.ts';
import { severities } from '../part/severity.tsx';
import type { Measure } from './measure.ts';
import { markOf, type Timeline } from './timeline.ts';

type TimeOption = ComposeOption<
  | LineSeriesOption
  | ScatterSeriesOption
  | GridComponentOption
  | TooltipComponentOption
  | MarkAreaComponentOption
  | MarkLineComponentOption
>;

export interface TimeChartData {
  timeline: Timeline;
  alerts: readonly Alert[];
  gaps: readonly Gap[];
  measure: Measure;
}

const LONGEST = 60;

export function timeOption(data: TimeChartData, colours: ChartColours, narrow: boolean): TimeOption {
  const { timeline, alerts, gaps, measure } = data;
  const { format, tick, minInterval } = measure;
  const { from, to, points, usual } = timeline;
  const label = { color: colours.muted, fontFamily: 'inherit' };
  const ms = (ts: number): number => Math.max(from, Math.min(to, ts)) * 1000;
  // The usual range is part of what is shown, also where the line stays below it.
  const highest = points.reduce((top, [, value]) => Math.max(top, value ?? 0), 0);
  const max = usual && usual.high > highest ? 1.1 * usual.high : undefined;
  const mark = (alert: Alert): [number, number] => {
    const [ts, value] = markOf(timeline, measure, alert);
    return [ts * 1000, value];
  };
  return {
    animation: false,
    textStyle,
    grid: { left: narrow ? 60 : 72, right: 14, top: 14, bottom: 28 },
    xAxis: {
      type: 'time',
      min: from * 1000,
      max: to * 1000,
      splitNumber: narrow ? 3 : 6,
      axisLabel: { ...label, hideOverlap: true, formatter: (time: number) => formatClock(time / 1000, time) },
      axisLine: { lineStyle: { color: colours.border } },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max,
      minInterval,
      splitNumber: 3,
      axisLabel: { ...label, formatter: tick, showMaxLabel: max === undefined },
      splitLine: { lineStyle: { color: colours.border } },
    },
    tooltip: {
      trigger: 'axis',
      ...textTooltip(colours),
      axisPointer: { lineStyle: { color: colours.muted } },
      formatter: (hits) => describe(hits as unknown as Hit[], format),
    },
    series: [
      {
        type: 'line',
        data: points.map(([ts, value]) => [ts * 1000, value]),
        // A point alone between two gaps has no line.
        showSymbol: points.length === 1,
        symbolSize: 4,
        lineStyle: { color: colours.accent, width: 1.5 },
        itemStyle: { color: colours.accent },
        areaStyle: { color: colours.accent, opacity: 0.08 },
        emphasis: { disabled: true },
        markArea: {
          silent: true,
          label: { show: false },
          data: gaps
            .filter((gap) => (gap.to ?? to) > from)
            .map((gap) => [
              { xAxis: ms(gap.from), itemStyle: { color: colours.severity.High, opacity: 0.16 } },
              { xAxis: ms(gap.to ?? to) },
            ]),
        },
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: colours.text, type: 'dashed', width: 1, opacity: 0.6 },
          data: usual ? [{ yAxis: usual.high }, ...(usual.low > 0 ? [{ yAxis: usual.low }] : [])] : [],
        },
      },
      ...severities.toReversed().map(
        (severity): ScatterSeriesOption => ({
          type: 'scatter',
          symbol: symbols[severity],
          symbolSize: severity === 'Critical' ? 12 : 10,
          itemStyle: { color: colours.severity[severity], borderColor: colours.surface, borderWidth: 1 },
          data: alerts
            .filter((alert) => alert.severity === severity && alert.end_ts >= from && alert.ts <= to)
            .map((alert) => ({ value: mark(alert), name: inOwnZone(alert.sentence, alert.ts) })),
        }),
      ),
    ],
  };
}

interface Hit {
  seriesType: string;
  name: string;
  value: [time: number, value: number | null];
}

function describe(hits: readonly Hit[], format: (value: number) => string): string {
  return hits
    .flatMap(({ seriesType, name, value: [time, value] }) =>
      seriesType === 'line'
        ? [formatExact(new Date(time)), value === null ? 'not seen' : format(value)]
        : [name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name],
    )
    .join('\n');
}
