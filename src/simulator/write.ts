/** A simulated home as files: capture, packet labels, truth about the attacks. */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../errors.ts';
import type { Episode } from './attack/attack.ts';
import type { SimulateOptions } from './options.ts';
import { type SimulatedDevice, simulate } from './simulate.ts';
import { PCAP_RECORD_BYTES, pcapHeader, putPcapRecord } from './wire/pcap.ts';

export interface SimulationSummary {
  packets: number;
  malicious: number;
  /** Bytes of the capture file. */
  bytes: number;
  devices: readonly SimulatedDevice[];
  episodes: readonly Episode[];
  /** Capture, labels, truth. */
  files: readonly [string, string, string];
}

export interface WriteOptions extends SimulateOptions {
  /** Bytes kept of each frame. */
  snapLength?: number;
}

const FULL_SNAP_LENGTH = 262_144;
const SHORTEST_SNAP_LENGTH = 14; // an Ethernet header
const BUFFER_BYTES = 1 << 20;
const PROGRESS_STEP = 0.005;

/** The files that belong to a capture: `NAME.packet_labels.csv` and `NAME.episodes.csv` beside `NAME.pcap`. */
export function companionFiles(file: string): [labels: string, episodes: string] {
  const stem = file.replace(/\.pcap$/i, '');
  return [`${stem}.packet_labels.csv`, `${stem}.episodes.csv`];
}

/** Microseconds since 1970 as seconds with nine digits behind the point. */
function formatTime(ts: number): string {
  const seconds = Math.floor(ts / 1e6);
  return `${seconds}.${String(ts - seconds * 1e6).padStart(6, '0')}000`;
}

/** A header and one row per attack that sent or silenced something, in the columns of the evaluation's truth files. */
export function formatEpisodes(file: string, episodes: readonly Episode[]): string {
  const rows = episodes
    .filter(({ onset }) => !Number.isNaN(onset))
    .map(({ onset, end, kinds, hosts }) => {
      const time = (ts: number) => formatTime(ts).slice(0, -3);
      const train = 'its own packets before the onset';
      return `${path.basename(file)},${time(onset)},${time(end)},${kinds.join('|')},${[...hosts].join('|')},${train}\n`;
    });
  return `file,onset_ts,end_ts,kinds,hosts,train\n${rows.join('')}`;
}

/**
 * Writes the capture (pcap, microseconds, Ethernet), its labels and the truth, under temporary names until complete.
 * `onProgress` gets the simulated share of the time, 0 to 1. Throws what `simulate` throws, and `output_not_writable`.
 */
export async function simulateToFile(
  file: string,
  options: WriteOptions,
  onProgress?: (fraction: number) => void,
): Promise<SimulationSummary> {
  const home = simulate(options);
  const snapLength = options.snapLength ?? FULL_SNAP_LENGTH;
  if (!Number.isInteger(snapLength) || snapLength < SHORTEST_SNAP_LENGTH) {
    const reason = `the snap length is ${snapLength}, not a whole number from ${SHORTEST_SNAP_LENGTH} on`;
    throw new AppError('bad_simulation', { reason });
  }
  const files = [file, ...companionFiles(file)] as const;
  const partial = files.map((name) => `${name}.partial`) as [string, string, string];
  const handles: FileHandle[] = [];
  try {
    for (const name of partial) handles.push(await open(name, 'w'));
    const [capture, labels, truth] = handles as [FileHandle, FileHandle, FileHandle];
    const span = home.end - home.start;
    const buffer = new Uint8Array(BUFFER_BYTES);
    const view = new DataView(buffer.buffer);
    buffer.set(pcapHeader(snapLength));
    let used = 24;
    let rows = 'packet,ts,label,detail,device\n';
    let [packets, malicious, bytes, reported] = [0, 0, 0, 0];
    for (const { ts, data, tag } of home) {
      const captured = Math.min(data.length, snapLength);
      if (used + PCAP_RECORD_BYTES + captured > BUFFER_BYTES) {
        await capture.write(buffer, 0, used);
        await labels.write(rows);
        bytes += used;
        used = 0;
        rows = '';
        const fraction = (ts - home.start) / span;
        if (fraction - reported >= PROGRESS_STEP) {
          reported = fraction;
          onProgress?.(fraction);
        }
      }
      putPcapRecord(view, used, ts, captured, data.length);
      buffer.set(captured === data.length ? data : data.subarray(0, captured), used + PCAP_RECORD_BYTES);
      used += PCAP_RECORD_BYTES + captured;
      packets++;
      if (tag.label === 'malicious') malicious++;
      rows += `${packets},${formatTime(ts)},${tag.label},${tag.detail},${tag.device}\n`;
    }
    await capture.write(buffer, 0, used);
    bytes += used;
    await labels.write(rows);
    await truth.write(formatEpisodes(file, home.episodes));
    for (const handle of handles.splice(0)) await handle.close();
    for (const [i, name] of partial.entries()) await rename(name, files[i]!);
    onProgress?.(1);
    return { packets, malicious, bytes, devices: home.devices, episodes: home.episodes, files: [...files] };
  } catch (error) {
    for (const handle of handles) await handle.close();
    for (const name of partial) await rm(name, { force: true });
    // Only what the file system says; a bug in the simulation stays one.
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new AppError('output_not_writable', { file, reason: error.message }, { cause: error });
  }
}
