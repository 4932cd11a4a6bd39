/** What the chart shows, as ECharts wants to be told. */
import type { LineSeriesOption, ScatterSeriesOption } from 'echarts/charts';
import type {
  DataZoomComponentOption,
  GridComponentOption,
  MarkLineComponentOption,
  TooltipComponentOption,
} from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import type { Detail, ScanReport } from '../../../src/api/contract.ts';
import { type ChartColours, symbols, textStyle, textTooltip } from '../chart/colours.ts';
import { formatCount, formatError, formatRatio, formatTick } from '../format.ts';
import { severities } from '../part/severity.tsx';
import { isByDevice, publishedDecides } from './verdict.ts';

type ChartOption = ComposeOption<
  | LineSeriesOption
  | ScatterSeriesOption
  | GridComponentOption
  | TooltipComponentOption
  | DataZoomComponentOption
  | MarkLineComponentOption
>;

/** Marks drawn at most: the strongest; more would be a blot. */
const MARKS = 2000;
/** From this many times the threshold on, a linear axis would press the usual into its floor. */
const LOG_FROM = 30;

export function chartOption(scan: ScanReport, colours: ChartColours, narrow: boolean): ChartOption {
  const { errors, threshold, total_samples } = scan;
  const decides = publishedDecides(scan);
  const highest = errors.reduce((most, { error }) => Math.max(most, error), threshold);
  const log = threshold > 0 && highest > LOG_FROM * threshold;
  // A logarithm needs something above zero; a decade below the usual is enough to see it.
  const lowest = errors.reduce((least, { error }) => Math.min(least, error), threshold);
  const floor = log ? 10 ** Math.floor(Math.log10(Math.max(lowest, threshold / 100))) : 0;
  const lift = (error: number): number => Math.max(error, floor);
  const marked =
    scan.details.length > MARKS ? scan.details.toSorted((a, b) => b.error - a.error).slice(0, MARKS) : scan.details;
  const crowded = marked.length > 200;
  const label = { color: colours.muted, fontFamily: 'inherit' };

  return {
    animation: false,
    textStyle,
    grid: { left: narrow ? 48 : 64, right: 12, top: 24, bottom: 84 },
    xAxis: {
      type: 'value',
      min: 0,
      max: Math.max(total_samples - 1, 1),
      name: `Sequence ID (${isByDevice(scan) ? 'device by device' : 'file order'})`,
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: { color: colours.muted },
      splitNumber: narrow ? 4 : 8,
      axisLabel: { ...label, formatter: formatCount, hideOverlap: true, showMaxLabel: false },
      axisLine: { lineStyle: { color: colours.border } },
      splitLine: { show: false },
    },
    yAxis: {
      type: log ? 'log' : 'value',
      name: log ? 'Error (log)' : 'Error',
      nameTextStyle: { color: colours.muted, align: 'right' },
      nameGap: 10,
      min: log ? floor : 0,
      axisLabel: { ...label, formatter: formatTick },
      splitLine: { lineStyle: { color: colours.border } },
    },
    dataZoom: [
      {
        type: 'slider',
        height: 22,
        bottom: 8,
        left: narrow ? 48 : 64,
        right: 12,
        borderColor: colours.border,
        backgroundColor: 'transparent',
        fillerColor: `color-mix(in srgb, ${colours.accent} 14%, transparent)`,
        handleStyle: { color: colours.surface, borderColor: colours.accent },
        moveHandleStyle: { color: colours.border },
        dataBackground: { lineStyle: { color: colours.muted }, areaStyle: { color: colours.border } },
        selectedDataBackground: { lineStyle: { color: colours.accent }, areaStyle: { color: colours.border } },
        showDetail: false,
        brushSelect: false,
      },
    ],
    tooltip: { trigger: 'item', ...textTooltip(colours) },
    series: [
      {
        type: 'line',
        name: 'Error',
        data: errors.map(({ sequence_id, error }) => [sequence_id, lift(error)]),
        showSymbol: false,
        lineStyle: { color: colours.accent, width: 1.25 },
        itemStyle: { color: colours.accent },
        areaStyle: log ? undefined : { color: colours.accent, opacity: 0.08 },
        emphasis: { disabled: true },
        tooltip: { show: false },
        markLine: {
          silent: true,
          symbol: 'none',
          data: [{ yAxis: threshold }],
          lineStyle: { color: colours.text, type: 'dashed', width: 1.25 },
          // The legend says its value: here it would lie on a line, its own or the error's.
          label: { show: false },
        },
      },
      ...severities.toReversed().map(
        (severity): ScatterSeriesOption => ({
          type: 'scatter',
          name: severity,
          symbol: symbols[severity],
          symbolSize: (severity === 'Critical' ? 9 : 7) - (crowded ? 2 : 0),
          itemStyle: {
            color: decides ? colours.severity[severity] : colours.muted,
            borderColor: colours.surface,
            borderWidth: crowded ? 0 : 1,
          },
          data: marked
            .filter((detail) => detail.severity === severity)
            .map((detail) => ({ value: [detail.sequence_id, lift(detail.error)], detail })),
          tooltip: { formatter: ({ data }) => describe((data as unknown as { detail: Detail }).detail, threshold) },
        }),
      ),
    ],
  };
}

function describe(detail: Detail, threshold: number): string {
  const ratio = threshold > 0 ? ` (${formatRatio(detail.error / threshold)})` : '';
  return [
    `Sequence ${formatCount(detail.sequence_id)} · ${detail.severity}`,
    `Error ${formatError(detail.error)}${ratio}`,
    `Rows ${detail.rows}${detail.device ? ` of ${detail.device}` : ''}`,
  ].join('\n');
}
