/** The chart of a scan, with a slider for its length. */
import { DataZoomComponent } from 'echarts/components';
import { use as register } from 'echarts/core';
import { useCallback } from 'react';
import type { ScanReport } from '../../../src/api/contract.ts';
import { ChartCanvas, type DrawChart } from '../chart/canvas.tsx';
import { chartOption } from './chart-option.ts';

register([DataZoomComponent]);

export function ErrorChart({ scan }: { scan: ScanReport }) {
  const draw = useCallback<DrawChart>((colours, narrow) => chartOption(scan, colours, narrow), [scan]);
  return <ChartCanvas draw={draw} />;
}
