/** Alerts of the published flow detector: runs of anomalous windows of one device become one alert. */
import type { Alert } from './alert.ts';
import { severities, severityOf, severityRank } from './severity.ts';

/** An anomalous window of a device. */
export interface AnomalousWindow {
  /** Row of its first flow among the device's flows, and the number of flows. */
  row: number;
  rows: number;
  error: number;
  ts: number;
  end_ts: number;
  uids: string[];
  /** Mean of packets and bytes of the window's flows. */
  packets: number;
  bytes: number;
}

/** Usual traffic of the device in the same file: the yardstick of the sentence. */
export interface UsualTraffic {
  windows: number;
  packets: number;
  bytes: number;
}

/** Most connections that an alert lists by uid. */
const LISTED_UIDS = 100;

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : Number(value.toPrecision(2))} ${units[unit]}`;
}

const plural = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

/** The sentence compares what differs most from the device's own ordinary connections. */
function describe(device: string, flows: number, windows: AnomalousWindow[], usual: UsualTraffic): string {
  const mean = (pick: (window: AnomalousWindow) => number): number =>
    windows.reduce((sum, window) => sum + pick(window), 0) / windows.length;
  const packets = mean((window) => window.packets);
  const bytes = mean((window) => window.bytes);
  const run = `${device}: ${plural(flows, 'connection')} that follow no usual order`;
  const change = (now: number, before: number) => Math.abs(Math.log((now + 1) / (before + 1)));
  if (usual.windows === 0) return `${run}. Guardian has nothing ordinary of this device to compare them with.`;
  return change(bytes, usual.bytes) >= change(packets, usual.packets)
    ? `${run}: ${formatBytes(bytes)} each on average, where ${formatBytes(usual.bytes)} is usual.`
    : `${run}: ${Math.round(packets)} packets each on average, where ${Math.round(usual.packets)} are usual.`;
}

/** Windows this close in time are one episode: the owner is told once, not at every twitch of it. */
const COOL_DOWN_S = 3600;

/** Overlapping windows, or (where the log has times) windows within the cool-down. */
const continues = (previous: AnomalousWindow, next: AnomalousWindow): boolean =>
  next.row <= previous.row + previous.rows || (previous.ts > 0 && next.ts - previous.end_ts < COOL_DOWN_S);

/** Groups the anomalous windows of one device (in order) into alerts, one an episode. */
export function sequenceAlerts(
  device: string,
  anomalies: AnomalousWindow[],
  usual: UsualTraffic,
  threshold: number,
): Alert[] {
  const episodes: AnomalousWindow[][] = [];
  for (const window of anomalies) {
    const last = episodes.at(-1);
    const previous = last?.at(-1);
    if (last && previous && continues(previous, window)) last.push(window);
    else episodes.push([window]);
  }
  return episodes.map((windows) => {
    const first = windows[0];
    const worst = windows.reduce((a, b) => (b.error > a.error ? b : a));
    // Windows overlap: count each connection once.
    let flows = 0;
    let counted = first.row;
    for (const window of windows) {
      flows += window.row + window.rows - Math.max(counted, window.row);
      counted = window.row + window.rows;
    }
    const severity = severityOf(worst.error, threshold);
    const uids = [...new Set(windows.flatMap((window) => window.uids))];
    return {
      kind: 'sequence',
      severity,
      // How far above the threshold, squeezed into 0..1: equal to the threshold is an even chance.
      confidence: Math.min(0.99, Number((1 - 0.5 * (threshold / worst.error)).toFixed(2))),
      device,
      address: device,
      ts: Math.min(...windows.map((window) => window.ts)),
      end_ts: Math.max(...windows.map((window) => window.end_ts)),
      sentence: describe(device, flows, windows, usual),
      meaning:
        severityRank(severity) >= severities.indexOf('High')
          ? 'This may be an attack, malware on the device, or a large transfer that it rarely makes.'
          : 'This is probably harmless, for example a firmware update or a new app, but it was not seen before.',
      advice: [
        `Ask whether someone used ${device} in a new way at that time.`,
        'If nobody did, look at the connections below: who was at the other end?',
        'If it goes on, disconnect the device and install its latest firmware.',
      ],
      detector: 'lstm-autoencoder',
      evidence: { worst_error: worst.error, threshold, anomalous_windows: windows.length },
      uids: uids.slice(0, LISTED_UIDS),
      flows,
    };
  });
}
