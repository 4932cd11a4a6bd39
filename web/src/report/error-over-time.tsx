/** The error of every window in order, with the threshold and what stands above it. */
import { lazy, Suspense } from 'react';
import type { ScanReport } from '../../../src/api/contract.ts';
import { formatError, plural } from '../format.ts';
import { Panel } from '../part/page.tsx';
import { severities } from '../part/severity.tsx';
import { isByDevice, publishedDecides } from './verdict.ts';

/** The chart library is larger than everything else together, and only this view needs it. */
const ErrorChart = lazy(() => import('./error-chart.tsx').then(({ ErrorChart }) => ({ default: ErrorChart })));

export function ErrorOverTime({ scan }: { scan: ScanReport }) {
  // A scan that another program wrote has verdicts only.
  if (scan.errors.length === 0) return null;
  const byDevice = isByDevice(scan);
  const summary =
    `Line chart: reconstruction error of ${plural(scan.total_samples, 'window')} ${byDevice ? 'device by device' : 'in file order'}. ` +
    `The threshold is ${formatError(scan.threshold)}; ${plural(scan.anomalies_count, 'window')} above it.`;
  return (
    <Panel
      title={byDevice ? 'Reconstruction error, device by device' : 'Reconstruction error over time'}
      level="h3"
      aside={<Legend scan={scan} />}
    >
      <div className="chart" role="img" aria-label={summary}>
        <Suspense fallback={null}>
          <ErrorChart scan={scan} />
        </Suspense>
      </div>
    </Panel>
  );
}

function Legend({ scan }: { scan: ScanReport }) {
  const decides = publishedDecides(scan);
  const found = severities.filter((severity) => scan.details.some((detail) => detail.severity === severity));
  return (
    <ul className="legend">
      <li>
        <span className="legend-line" /> Error
      </li>
      <li>
        <span className="legend-line legend-threshold" /> Threshold {formatError(scan.threshold)}
      </li>
      {found.map((severity) => (
        <li key={severity}>
          <span className={`legend-mark mark-${decides ? severity.toLowerCase() : 'plain'}`} /> {severity}
        </li>
      ))}
    </ul>
  );
}
