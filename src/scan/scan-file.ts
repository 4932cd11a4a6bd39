/**
 * The whole path for one file: source → packet → flow → feature → detector → alert.
 * A capture or a log with addresses is judged device by device; a CSV is judged in file order, as published.
 */
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { Alert } from '../alert/alert.ts';
import { SequenceEpisodes } from '../alert/sequence.ts';
import { severities } from '../alert/severity.ts';
import type { Watch } from '../alert/watch.ts';
import type { ScannedDevice, ScanOutcome } from '../api/port/scanner.ts';
import { createPublishedFlowScan, type PublishedFlowScan, type ScoredWindow } from '../detector/published/flow-scan.ts';
import { gatherDevices } from '../device/group-by-device.ts';
import { createInventory, type Inventory } from '../device/inventory.ts';
import { nameOf } from '../device/name.ts';
import { ConnDevices } from '../device/observe-conn.ts';
import { ownerOf } from '../device/owner.ts';
import { lookupVendor } from '../device/vendor.ts';
import { AppError } from '../errors.ts';
import type { AppRecord } from '../flow/app-record.ts';
import { type Conn, hasTime } from '../flow/conn.ts';
import type { Packet } from '../packet/packet.ts';
import { inputName, openSource } from '../source/open-source.ts';
import { namesDevices, readConns } from '../source/read-conns.ts';
import type { SourceStats } from '../source/source.ts';
import { reasonInWords, skippedOf } from './scan-result.ts';
import { createTrial, createWatch, type ScanOptions, type TrialWatch } from './shadow-trial.ts';
import { published, WindowVerdicts } from './window-verdicts.ts';

/** Points of the chart's line that a result carries at most. */
const CHART_POINTS = 2000;
/** Reading is the first part of the progress bar, judging the rest. */
const READING = 0.6;
const FILE_ORDER = 'file';
/** Devices and flows that are judged window by window: beyond any home, and what a flood may fill the memory with. */
const CEILING = { streams: 4096, flows: 2 ** 21 };
/** Alerts that a result lists; further ones are counted. */
const MOST_ALERTS = 2000;
/** Windows after which whoever waits on this thread (an abort, a timer) gets a turn. */
const BREATH = 1024;
/** Oddity of a file: its records say not when they were, or tell of sampled packets. */
const UNTIMED = 'scan.untimed';

/** Per device: how many windows were ordinary, and what the flows in them were like. */
interface DeviceTally extends Omit<ScannedDevice, 'alerts' | 'worst'> {
  anomalous: SequenceEpisodes;
  usual: { windows: number; packets: number; bytes: number };
}

/**
 * Reads the file into the detector; a stream is a device, or the whole file where it has no devices. `watched` are the
 * packets and records that the rules have seen.
 */
async function readFlows(
  file: string,
  scan: PublishedFlowScan,
  { watch, trial }: { watch: Watch | null; trial: TrialWatch | null },
  inventory: Inventory,
  options: ScanOptions,
): Promise<{ stats: SourceStats; watched: number }> {
  const source = await openSource(file, options);
  // The published preset takes every CSV in file order; else a table with addresses is as good as any log.
  const isByDevice = options.model.preset !== 'published' && source.kind === 'flows' && source.namesHosts;
  const perDevice = isByDevice || namesDevices(source);
  const devices = new ConnDevices(inventory);
  let [unusable, untimed, watched] = [0, 0, 0];
  const onConn = (conn: Conn): void => {
    if (watch && perDevice) watched++;
    const stream = (perDevice ? ownerOf(conn) : null) ?? FILE_ORDER;
    // Packets say more than the record that they become.
    if (source.kind === 'flows') devices.conn(conn);
    watch?.conn(conn);
    trial?.conn(conn);
    if (watch && !hasTime(conn) && conn.id_orig_h !== null) untimed++;
    if (!scan.push(conn, stream)) unusable++;
  };
  const onProgress = options.onProgress && ((fraction: number) => options.onProgress?.(fraction * READING));
  const onPacket = watch
    ? (packet: Packet) => {
        watched++;
        inventory.packet(packet);
        watch.packet(packet);
        trial?.packet(packet);
      }
    : undefined;
  const onApp = watch ? (record: AppRecord) => inventory.app(record) : undefined;
  const stats = await readConns(source, onConn, { ...options, onProgress, onPacket, onApp, ignoreChecksums: 'auto' });
  const { leftOut } = scan;
  if (unusable > 0) stats.rejected['row.no_packet_counts'] = unusable;
  if (leftOut.streams > 0) stats.rejected['window.too_many_devices'] = leftOut.streams;
  if (leftOut.flows > 0) stats.rejected['window.too_many_connections'] = leftOut.flows;
  if (untimed > 0) stats.weirds[UNTIMED] = untimed;
  stats.parsed -= unusable + leftOut.streams + leftOut.flows;
  return { stats, watched };
}

/** Describes a file without a record. */
function nothingIn({ truncated, bytes, weirds }: SourceStats): string {
  if (truncated) return ` It ends at byte ${bytes}, before its first record is complete.`;
  const events = weirds['eve.other_event'];
  if (events) return ` It holds ${events} events of other kinds, and none of a flow.`;
  return ' It holds a header and nothing behind it.';
}

/** Says what became of the rest of the file: left out, cut off, or never there. */
function tooFew(file: string, rows: number, unit: string, needed: number, stats: SourceStats): AppError {
  const { rows: skipped, reasons, lines } = skippedOf(stats);
  const because =
    skipped > 0
      ? ` ${skipped} of ${stats.offered} records were left out (${Object.keys(reasons).map(reasonInWords).join(', ')}${lines.length > 0 ? `; first in line ${lines[0]}` : ''}).`
      : stats.offered === 0
        ? nothingIn(stats)
        : '';
  const cut =
    stats.truncated && stats.offered > 0 ? ` It ends in the middle of a record at byte ${stats.truncatedAt}.` : '';
  return new AppError('too_few_rows', { file, rows, unit, needed, because: because + cut });
}

/** The tallies of a device's addresses as one, with the alerts about any of them. */
function asOne(own: readonly DeviceTally[], alerts: readonly Alert[]): ScannedDevice {
  const about = alerts.filter((alert) => own.some(({ address }) => address === (alert.hosts?.[0] ?? alert.address)));
  const [{ address, name }] = own;
  const sum = (count: (tally: DeviceTally) => number): number => own.reduce((total, one) => total + count(one), 0);
  return {
    ...{ address, name },
    flows: sum(({ flows }) => flows),
    windows: sum(({ windows }) => windows),
    anomalies: sum(({ anomalies }) => anomalies),
    alerts: about.length,
    worst: severities.findLast((severity) => about.some((alert) => alert.severity === severity)) ?? null,
  };
}

/** The verdict where no device has enough connections for a window. */
const tooShortForHabits = (needed: number, most: number): string =>
  `habits: that takes ${needed} connections of one device, and the most here is ${most}`;

/**
 * Scans one file. Throws AppError where it cannot be read, or where nothing but windows can judge it and it has fewer
 * usable flows than one needs. Of a capture the rules have a verdict, however short it is.
 */
export async function scanFile(file: string, options: ScanOptions): Promise<ScanOutcome> {
  const started = performance.now();
  const { model } = options;
  const name = options.name ?? inputName(file);
  const scan = createPublishedFlowScan(model.timesteps, CEILING);
  const inventory = createInventory({ lookupVendor });
  const alerts: Alert[] = [];
  let further_alerts = 0;
  const onAlert = (alert: Alert): void => {
    if (alerts.length < MOST_ALERTS) alerts.push(alert);
    else further_alerts++;
  };
  const watch = model.preset === 'published' ? null : createWatch(model.past, options, inventory, onAlert);
  const trial = watch && model.trial && createTrial(model.trial, options, inventory);
  const { stats, watched } = await readFlows(file, scan, { watch, trial }, inventory, options);
  await trial?.end(alerts.length + further_alerts);
  const isJudged = watched > 0;
  const needed = model.timesteps + 1;
  if (scan.rows < needed && !isJudged) throw tooFew(name, scan.rows, 'flows', needed, stats);

  const devices = new Map<string, DeviceTally>();
  for (const { name: address, count } of scan.streams()) {
    const usual = { windows: 0, packets: 0, bytes: 0 };
    devices.set(address, {
      address,
      name: nameOf(inventory, address),
      flows: count,
      windows: 0,
      anomalies: 0,
      anomalous: new SequenceEpisodes(),
      usual,
    });
  }
  const verdicts = new WindowVerdicts(model.threshold, scan.rows);

  const judge = ({ stream, row, error, label }: ScoredWindow): void => {
    const anomalous = verdicts.add(error, label);
    const tally = devices.get(stream)!;
    tally.windows++;
    if (!anomalous && tally.usual.windows >= 1000) return;
    const summary = scan.describe(stream, row);
    if (!anomalous) {
      const n = ++tally.usual.windows;
      tally.usual.packets += (summary.packets - tally.usual.packets) / n;
      tally.usual.bytes += (summary.bytes - tally.usual.bytes) / n;
      return;
    }
    tally.anomalies++;
    tally.anomalous.add({ row, rows: model.timesteps, error: published(error), ...summary });
    verdicts.list({
      rows: `${row}-${row + model.timesteps}`,
      sample_data: scan.sample(stream, row),
      ...(stream === FILE_ORDER ? {} : { device: stream, uids: summary.uids }),
    });
  };
  const onScored = (fraction: number) => options.onProgress?.(READING + fraction * (1 - READING));
  for (const window of scan.score(model.reconstruct, onScored)) {
    judge(window);
    if (verdicts.total % BREATH === 0) {
      await setImmediate();
      options.signal?.throwIfAborted();
    }
  }

  const untimed = stats.weirds[UNTIMED] ?? 0;
  const total_samples = verdicts.total;
  let most = 0;
  for (const { flows } of devices.values()) most = Math.max(most, flows);
  if (total_samples === 0 && !isJudged) throw tooFew(name, most, 'flows of one device', needed, stats);
  // A plain CSV names no devices, so there the published detector speaks in either preset.
  for (const { address, anomalous, usual } of devices.values()) {
    if (watch !== null && address !== FILE_ORDER) continue;
    const device = address === FILE_ORDER ? name : nameOf(inventory, address);
    for (const alert of anomalous.alerts(device, address, usual, model.threshold)) onAlert(alert);
  }
  const drift = watch?.engine.drift;
  return {
    anomalies_count: verdicts.anomalies,
    total_samples,
    percentage: total_samples === 0 ? 0 : Number(((100 * verdicts.anomalies) / total_samples).toFixed(2)),
    threshold: published(model.threshold),
    details: verdicts.details,
    file: name,
    format: stats.format,
    records: stats.offered,
    skipped: { ...skippedOf(stats), ...(untimed > 0 && { untimed }) },
    truncated: stats.truncated,
    metrics: verdicts.metrics,
    preset: model.preset,
    errors: verdicts.peaks(CHART_POINTS),
    seconds: Number(((performance.now() - started) / 1000).toFixed(3)),
    alerts: alerts.sort((a, b) => a.ts - b.ts),
    ...(further_alerts > 0 && { further_alerts }),
    ...(total_samples === 0 && { unjudged: [tooShortForHabits(needed, most)] }),
    ...(drift && { drift }),
    devices: gatherDevices(
      [...devices.values()].filter(({ address }) => address !== FILE_ORDER),
      inventory,
    ).map((own) => asOne(own, alerts)),
  };
}
