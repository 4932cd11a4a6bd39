/** The canvas of a chart. Nothing in it is HTML: its tooltip is drawn, so no name can become markup. */
import { LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { type EChartsCoreOption, type EChartsType, init, use as register } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef, useState } from 'react';
import { useTheme } from '../theme.ts';
import { type ChartColours, readColours } from './colours.ts';

register([LineChart, ScatterChart, GridComponent, TooltipComponent, MarkLineComponent, CanvasRenderer]);

/** Below this width a chart leaves out what a phone has no room for. */
const NARROW = 520;

export type DrawChart = (colours: ChartColours, narrow: boolean) => EChartsCoreOption;

/** Draws anew whenever `draw` is another function; always with the same series in the same order. */
export function ChartCanvas({ draw }: { draw: DrawChart }) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(null);
  const [width, setWidth] = useState(0);
  const theme = useTheme();

  useEffect(() => {
    const made = init(element.current, null, { renderer: 'canvas' });
    chart.current = made;
    const resize = new ResizeObserver(([{ contentRect }]) => {
      made.resize();
      setWidth(contentRect.width);
    });
    resize.observe(element.current!);
    return () => {
      resize.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the page, which the theme changes
  useEffect(() => {
    if (width > 0) chart.current?.setOption(draw(readColours(element.current!), width < NARROW));
  }, [draw, width, theme]);

  return <div ref={element} className="chart-canvas" />;
}
