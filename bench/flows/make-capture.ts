/**
 * Makes a long capture out of short ones: merged by time, and repeated with the clock moved on each time. Silences are
 * cut down to a pause that is longer than any timeout: captures of different years would leave the 32 bits of a pcap's
 * seconds, and the clock would go back.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { readCapture } from '../../src/source/capture/read-capture.ts';

interface Frame {
  ts: number;
  bytes: Uint8Array;
  origlen: number;
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** Longer than any timeout; also between two repetitions. */
const PAUSE_SECONDS = 4000;
const START = 1_500_000_000;
const CHUNK = 4 << 20;

/** Writes `packets` Ethernet frames of `captures` to `out` as a microsecond pcap, and returns how many there are. */
export async function makeCapture(captures: readonly string[], packets: number, out: string): Promise<number> {
  const frames: Frame[] = [];
  for (const capture of captures) {
    await readCapture(capture, (packet) => {
      const { bytes, offset, end, origlen, ts, linktype } = packet;
      if (linktype === 1) frames.push({ ts, origlen, bytes: bytes.slice(offset, end) });
    });
  }
  frames.sort((a, b) => a.ts - b.ts);
  shortenPauses(frames);
  const period = frames[frames.length - 1].ts + PAUSE_SECONDS;
  const file = openSync(out, 'w');
  const chunk = new Uint8Array(CHUNK);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint32(4, 0x00040002, true);
  view.setUint32(16, 262_144, true);
  view.setUint32(20, 1, true);
  let at = FILE_HEADER;
  for (let i = 0; i < packets; i++) {
    const frame = frames[i % frames.length];
    if (at + RECORD_HEADER + frame.bytes.length > CHUNK) {
      writeSync(file, chunk, 0, at);
      at = 0;
    }
    const ts = START + frame.ts + Math.floor(i / frames.length) * period;
    const microseconds = Math.round((ts % 1) * 1e6);
    view.setUint32(at, Math.floor(ts) + (microseconds === 1e6 ? 1 : 0), true);
    view.setUint32(at + 4, microseconds % 1e6, true);
    view.setUint32(at + 8, frame.bytes.length, true);
    view.setUint32(at + 12, frame.origlen, true);
    chunk.set(frame.bytes, at + RECORD_HEADER);
    at += RECORD_HEADER + frame.bytes.length;
  }
  writeSync(file, chunk, 0, at);
  closeSync(file);
  return packets;
}

/** Counts the time from the first frame, and no silence for more than a pause. */
function shortenPauses(frames: Frame[]): void {
  let before = frames[0].ts;
  let now = 0;
  for (const frame of frames) {
    now += Math.min(frame.ts - before, PAUSE_SECONDS);
    before = frame.ts;
    frame.ts = now;
  }
}
