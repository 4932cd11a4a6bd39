/** Alerts of the published flow detector: runs of anomalous windows of one device become one alert. */
import type { Alert } from './alert.ts';
import { severities, severityOf, severityRank } from './severity.ts';
import { PUBLISHED } from './words/published.ts';

/** An anomalous window of a device. */
export interface AnomalousWindow {
  /** Row of its first flow among the device's flows, and the number of flows. */
  row: number;
  rows: number;
  error: number;
  /** From the first start to the last end; 0 where the log has no times. */
  ts: number;
  end_ts: number;
  uids: readonly string[];
  /** Means over the window's flows. */
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

/** What is kept of an episode: sums, so that a million windows need no more memory than one. */
interface Episode {
  windows: number;
  flows: number;
  worst: number;
  packets: number;
  bytes: number;
  /** Of the worst window. */
  peak: { packets: number; bytes: number };
  ts: number;
  end_ts: number;
  uids: Set<string>;
  last: Pick<AnomalousWindow, 'row' | 'rows' | 'ts' | 'end_ts'>;
}

/** Windows this close in time are one episode: the owner is told once, not at every twitch of it. */
const COOL_DOWN_S = 3600;

/** Overlapping windows, or (where the log has times) windows within the cool-down. */
const continues = ({ last }: Episode, next: AnomalousWindow): boolean =>
  next.row <= last.row + last.rows || (last.ts > 0 && next.ts - last.end_ts < COOL_DOWN_S);

/** Collects the anomalous windows of one device, in order, as episodes: one alert each. */
export class SequenceEpisodes {
  private readonly episodes: Episode[] = [];

  add(window: AnomalousWindow): void {
    let episode = this.episodes.at(-1);
    if (!episode || !continues(episode, window)) {
      const { row, ts, end_ts } = window;
      const last = { row, rows: 0, ts, end_ts };
      episode = {
        windows: 0,
        flows: 0,
        worst: 0,
        packets: 0,
        bytes: 0,
        peak: window,
        ts,
        end_ts,
        uids: new Set(),
        last,
      };
      this.episodes.push(episode);
    }
    const { last, uids } = episode;
    // Windows overlap: count each connection once.
    episode.flows += window.row + window.rows - Math.max(last.row + last.rows, window.row);
    episode.windows++;
    if (window.error > episode.worst) episode.peak = { packets: window.packets, bytes: window.bytes };
    episode.worst = Math.max(episode.worst, window.error);
    episode.packets += window.packets;
    episode.bytes += window.bytes;
    episode.ts = Math.min(episode.ts, window.ts);
    episode.end_ts = Math.max(episode.end_ts, window.end_ts);
    for (const uid of window.uids) if (uids.size < LISTED_UIDS) uids.add(uid);
    const { row, rows, ts, end_ts } = window;
    episode.last = { row, rows, ts, end_ts };
  }

  /** `device` is its name, `address` what it is known by. What cannot be said to differ is no alert. */
  alerts(device: string, address: string, usual: UsualTraffic, threshold: number): Alert[] {
    return this.episodes.flatMap((episode) => {
      const sentence = describe(device, episode, usual);
      return sentence === null ? [] : [toAlert(episode, device, address, sentence, threshold)];
    });
  }
}

/** By less than this factor nothing is different that a person would see. */
const CLEAR = 1.25;

type Means = Pick<UsualTraffic, 'packets' | 'bytes'>;

/** Names the largest difference from the device's own ordinary connections; null where nothing clearly differs. */
function difference(now: Means, usual: Means): string | null {
  const change = (one: number, other: number) => Math.abs(Math.log((one + 1) / (other + 1)));
  const [bytes, packets] = [change(now.bytes, usual.bytes), change(now.packets, usual.packets)];
  if (Math.max(bytes, packets) < Math.log(CLEAR)) return null;
  return bytes >= packets
    ? `${formatBytes(now.bytes)} each on average, where ${formatBytes(usual.bytes)} is usual`
    : `${Math.round(now.packets)} packets each on average, where ${Math.round(usual.packets)} are usual`;
}

/** Many connections may be as usual on average, and some of them not. */
function describe(device: string, episode: Episode, usual: UsualTraffic): string | null {
  const { flows, windows, peak, last } = episode;
  const run = `${device}: ${plural(flows, 'connection')} that follow no usual order`;
  const mean = { packets: episode.packets / windows, bytes: episode.bytes / windows };
  if (usual.windows === 0)
    return `${run}: ${formatBytes(mean.bytes)} each on average. Guardian has nothing ordinary of this device to compare them with.`;
  const differs = difference(mean, usual);
  if (differs !== null) return `${run}: ${differs}.`;
  const atWorst = difference(peak, usual);
  return atWorst && `${run}; in the most unusual ${last.rows} of them ${atWorst}.`;
}

function toAlert(episode: Episode, device: string, address: string, sentence: string, threshold: number): Alert {
  const { worst, windows, flows, ts, end_ts, uids } = episode;
  const severity = severityOf(worst, threshold);
  return {
    kind: 'sequence',
    severity,
    // How far above the threshold, squeezed into 0..1: equal to the threshold is an even chance.
    confidence: Math.min(0.99, Number((1 - 0.5 * (threshold / worst)).toFixed(2))),
    device,
    address,
    ts,
    end_ts,
    sentence,
    meaning:
      severityRank(severity) >= severities.indexOf('High')
        ? 'This may be an attack, malware on the device, or a large transfer that it rarely makes.'
        : 'This is probably harmless, for example a firmware update or a new app, but it was not seen before.',
    advice: [
      `Ask whether someone used ${device} in a new way at that time.`,
      'If nobody did, look at the connections below: who was at the other end?',
      'If it goes on, disconnect the device and install its latest firmware.',
    ],
    detector: PUBLISHED,
    evidence: { worst_error: worst, threshold, anomalous_windows: windows },
    uids: [...uids],
    flows,
  };
}
