/** The canvas of the chart. Nothing in it is HTML: its tooltip is drawn, so no name can become markup. */
import { LineChart, ScatterChart } from 'echarts/charts';
import { DataZoomComponent, GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use as register } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { ScanReport } from '../../../src/api/contract.ts';
import { useTheme } from '../theme.ts';
import { chartOption, readColours } from './chart-option.ts';

register([
  LineChart,
  ScatterChart,
  GridComponent,
  TooltipComponent,
  MarkLineComponent,
  DataZoomComponent,
  CanvasRenderer,
]);

export function ErrorChart({ scan }: { scan: ScanReport }) {
  const ref = useRef<HTMLDivElement>(null);
  const theme = useTheme();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the page, which the theme changes
  useEffect(() => {
    const element = ref.current!;
    const chart = init(element, null, { renderer: 'canvas' });
    const draw = () => chart.setOption(chartOption(scan, readColours(element), element.clientWidth < 520));
    draw();
    const resize = new ResizeObserver(() => {
      chart.resize();
      draw();
    });
    resize.observe(element);
    return () => {
      resize.disconnect();
      chart.dispose();
    };
  }, [scan, theme]);

  return <div ref={ref} className="chart-canvas" />;
}
