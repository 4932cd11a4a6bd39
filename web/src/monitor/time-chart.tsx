/** A line over time, drawn. Loaded only where there is one: the chart library is larger than all the rest. */
import { MarkAreaComponent } from 'echarts/components';
import { use as register } from 'echarts/core';
import { useCallback } from 'react';
import { ChartCanvas, type DrawChart } from '../chart/canvas.tsx';
import { type TimeChartData, timeOption } from './time-option.ts';

register([MarkAreaComponent]);

export function TimeChart({ data }: { data: TimeChartData }) {
  const draw = useCallback<DrawChart>((colours, narrow) => timeOption(data, colours, narrow), [data]);
  return <ChartCanvas draw={draw} />;
}
