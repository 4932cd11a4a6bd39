/** Verdicts of the published detector on the windows of a file: every error, and of the anomalous ones the strongest. */
import { type Severity, severityOf } from '../alert/severity.ts';
import type { Detail, Metrics } from '../api/contract.ts';
import type { ScanOutcome } from '../api/port/scanner.ts';
import { computeMetrics } from '../detector/published/metrics.ts';

/** Anomalous windows that a result lists; of more the strongest. Every one of them is counted. */
export const MOST_DETAILS = 20_000;
/** Decimals of an error in results, as published. */
const ERROR_DIGITS = 6;

export const published = (error: number): number => Number(error.toFixed(ERROR_DIGITS));

export class WindowVerdicts {
  /** Anomalous windows. */
  anomalies = 0;
  private readonly threshold: number;
  private readonly errors: Float64Array;
  private readonly verdicts: Uint8Array;
  private readonly labels: Int8Array;
  private listed: Detail[] = [];
  private length = 0;

  /** @param windows how many there are at most */
  constructor(threshold: number, windows: number) {
    this.threshold = threshold;
    this.errors = new Float64Array(windows);
    this.verdicts = new Uint8Array(windows);
    this.labels = new Int8Array(windows);
  }

  get total(): number {
    return this.length;
  }

  /** Takes the next window; whether it is anomalous. */
  add(error: number, label: -1 | 0 | 1): boolean {
    const anomalous = error > this.threshold;
    this.errors[this.length] = published(error);
    this.verdicts[this.length] = anomalous ? 1 : 0;
    this.labels[this.length++] = label;
    if (anomalous) this.anomalies++;
    return anomalous;
  }

  /** Lists the window that was added last. */
  list(detail: Omit<Detail, 'sequence_id' | 'error' | 'severity'>): void {
    const sequence_id = this.length - 1;
    const error = this.errors[sequence_id];
    const severity: Severity = severityOf(error, this.threshold);
    this.listed.push({ sequence_id, error, severity, ...detail });
    if (this.listed.length >= 2 * MOST_DETAILS) this.listed = strongest(this.listed);
  }

  /** In the order of the windows. */
  get details(): Detail[] {
    return strongest(this.listed);
  }

  /** How far the verdicts agree with the labels; null where nothing is labelled. */
  get metrics(): Metrics | null {
    const labels = this.labels.subarray(0, this.length);
    return labels.some((label) => label !== -1) ? computeMetrics(this.verdicts, labels) : null;
  }

  /** Of each of `limit` equal stretches the highest error, so that a thinned line still shows every peak. */
  peaks(limit: number): ScanOutcome['errors'] {
    const points = Math.min(limit, this.length);
    return Array.from({ length: points }, (_, i) => {
      const end = Math.floor(((i + 1) * this.length) / points);
      let sequence_id = Math.floor((i * this.length) / points);
      for (let j = sequence_id + 1; j < end; j++) if (this.errors[j] > this.errors[sequence_id]) sequence_id = j;
      return { sequence_id, error: this.errors[sequence_id] };
    });
  }
}

function strongest(details: Detail[]): Detail[] {
  if (details.length <= MOST_DETAILS) return details;
  const kept = details.toSorted((a, b) => b.error - a.error || a.sequence_id - b.sequence_id).slice(0, MOST_DETAILS);
  return kept.sort((a, b) => a.sequence_id - b.sequence_id);
}
