/** Scans of files: the published interface, and the same scans under /api/v1. */
import { z } from 'zod';
import { presets } from '../../model/preset.ts';
import { alertSchema } from './alert.ts';
import { severitySchema } from './severity.ts';

export const detailSchema = z.object({
  /** Index of the window, from 0 in file order. */
  sequence_id: z.int(),
  /** Mean squared reconstruction error of the window. */
  error: z.number(),
  severity: severitySchema,
  /** "start-end": first row of the window and the row after its last. */
  rows: z.string(),
  /** The four features of the window's first row, as they stood in the file. */
  sample_data: z.object({
    orig_pkts: z.number(),
    resp_pkts: z.number(),
    orig_bytes: z.number(),
    resp_bytes: z.number(),
  }),
  /** The device whose window it is (captures and logs with addresses). */
  device: z.string().optional(),
  /** The connections in the window. */
  uids: z.array(z.string()).optional(),
});
export type Detail = z.infer<typeof detailSchema>;

/** How well the verdicts agree with the labels of a labelled file. */
export const metricsSchema = z.object({
  accuracy: z.number(),
  precision: z.number(),
  recall: z.number(),
  f1: z.number(),
  false_positive_rate: z.number(),
  true_positives: z.int(),
  false_positives: z.int(),
  true_negatives: z.int(),
  false_negatives: z.int(),
});
export type Metrics = z.infer<typeof metricsSchema>;

export const skippedSchema = z.object({
  rows: z.int(),
  reasons: z.record(z.string(), z.int()),
  /** First line numbers, from 1. */
  lines: z.array(z.int()),
  /** Records that were used, but say not when they were, or tell of sampled packets: rules about rates have not seen them. */
  untimed: z.int().optional(),
});

export const uploadResultSchema = z.object({
  scan_id: z.int(),
  anomalies_count: z.int(),
  /** Number of windows judged. */
  total_samples: z.int(),
  /** 100 * anomalies_count / total_samples, two decimals. */
  percentage: z.number(),
  threshold: z.number(),
  details: z.array(detailSchema),
  // beyond the published design
  file: z.string(),
  format: z.string(),
  /** Packets or rows that were read. */
  records: z.int(),
  skipped: skippedSchema,
  truncated: z.boolean(),
  metrics: metricsSchema.nullable(),
  /** Reconstruction error of every window in order, thinned to at most 2,000 points: the chart's line. */
  errors: z.array(z.object({ sequence_id: z.int(), error: z.number() })),
  seconds: z.number(),
});
export type UploadResult = z.infer<typeof uploadResultSchema>;

export const historyRowSchema = z.object({
  id: z.int(),
  /** UTC, ISO 8601 without a zone ("2025-10-16T10:30:00"), as published. */
  timestamp: z.string(),
  anomalies_count: z.int(),
  /** JSON string of `Detail[]`. */
  details: z.string(),
  total_samples: z.int(),
  percentage: z.number(),
  file: z.string(),
});
export const historySchema = z.array(historyRowSchema);
export type HistoryRow = z.infer<typeof historyRowSchema>;

export const scanSchema = uploadResultSchema.omit({ scan_id: true }).extend({ id: z.int(), timestamp: z.string() });

// /api/v1: the same scans with what the published interface has no place for; timestamps with their zone

const summaryShape = {
  id: z.int(),
  /** UTC, ISO 8601 ("2025-10-16T10:30:00Z"). */
  timestamp: z.string(),
  anomalies_count: z.int(),
  total_samples: z.int(),
  percentage: z.number(),
  threshold: z.number(),
  file: z.string(),
  format: z.string(),
  records: z.int(),
  truncated: z.boolean(),
  seconds: z.number(),
  /** The verdict: how many alerts the scan raised, and how bad the worst of them is; null where there is none. */
  alerts_count: z.int(),
  worst: severitySchema.nullable(),
  /** Whose verdict it is: that of all detectors, or of the published one alone. */
  preset: z.enum(presets),
};
export const scanSummarySchema = z.object(summaryShape);
export type ScanSummary = z.infer<typeof scanSummarySchema>;

/** Newest first; `next_before` is the cursor of the next page, null on the last. */
export const scanListSchema = z.object({ scans: z.array(scanSummarySchema), next_before: z.int().nullable() });
export type ScanList = z.infer<typeof scanListSchema>;

export const scannedDeviceSchema = z.object({
  address: z.string(),
  /** As an owner would call it. Scans of earlier versions have none. */
  name: z.string().optional(),
  flows: z.int(),
  windows: z.int(),
  anomalies: z.int(),
  /** Listed alerts about it, and the severity of the worst. Scans of earlier versions have none. */
  alerts: z.int().optional(),
  worst: severitySchema.nullable().optional(),
});
export type ScannedDevice = z.infer<typeof scannedDeviceSchema>;

export const scanReportSchema = z.object({
  ...summaryShape,
  alerts: z.array(alertSchema),
  devices: z.array(scannedDeviceSchema),
  details: z.array(detailSchema),
  skipped: skippedSchema,
  metrics: metricsSchema.nullable(),
  errors: uploadResultSchema.shape.errors,
});
export type ScanReport = z.infer<typeof scanReportSchema>;

export const statusSchema = z.object({
  status: z.enum(['operational', 'degraded']),
  model_loaded: z.boolean(),
  threshold: z.number().nullable(),
  database: z.enum(['connected', 'unavailable']),
  total_scans: z.int(),
  version: z.string(),
  uptime_seconds: z.number(),
  limits: z.object({
    /** Largest CSV or log, and largest capture, in bytes. */
    text_bytes: z.int(),
    capture_bytes: z.int(),
    /** Uploads analysed at the same time. */
    scans: z.int(),
  }),
});
export type Status = z.infer<typeof statusSchema>;
